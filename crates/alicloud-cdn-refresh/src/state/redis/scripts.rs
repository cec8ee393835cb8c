//! The scripts that read and write the keys of a job, each atomically.
//!
//! Keys: the header, the events, the owner and the lease. The owner is who may write; it changes only when a
//! program opens or releases the job. The lease says until when nobody else may become the owner. The owner also has
//! the number of events, so that a server that lost or evicted only some of the keys is noticed.

use std::sync::LazyLock;

use alicloud_limit_redis::RedisScript;

/// Functions that all scripts share. Arguments are those of the script.
macro_rules! with_functions {
    ($code:literal) => {
        concat!(
            r"
local types = {'string', 'list', 'hash', 'hash'}
for i = 1, 4 do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= 'none' and found ~= types[i] then return {'foreign', KEYS[i]} end
end
local function renew(ttl, retention)
  redis.call('PEXPIRE', KEYS[4], ttl)
  for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], retention) end
end
local function take(owner, holder, since)
  redis.call('HINCRBY', KEYS[3], 'count', 1)
  redis.call('HSET', KEYS[3], 'owner', owner)
  redis.call('DEL', KEYS[4])
  redis.call('HSET', KEYS[4], 'owner', owner, 'holder', holder, 'since', since, 'beat', 0)
end
local function incomplete()
  local recorded, found = redis.call('HGET', KEYS[3], 'events'), redis.call('LLEN', KEYS[2])
  if tonumber(recorded or -1) ~= found then return {'incomplete', recorded or '', tostring(found)} end
end
local function lease()
  local values = redis.call('HMGET', KEYS[4], 'holder', 'since', 'owner', 'beat')
  for i = 1, 4 do values[i] = values[i] or '' end
  return values[1], values[2], values[3] .. '/' .. values[4]
end
",
            $code
        )
    };
}

/// Creates a job. Arguments: owner, holder, since, TTL of the lease, retention, header. Succeeds again with the same
/// owner, so that it can be repeated if the response was lost.
pub(super) static CREATE: LazyLock<RedisScript> = LazyLock::new(|| {
    RedisScript::new(with_functions!(
        r"
if redis.call('EXISTS', KEYS[1]) == 1 then
  if redis.call('HGET', KEYS[3], 'owner') ~= ARGV[1] then
    local holder, since = lease()
    return {'exists', holder, since}
  end
else
  for i = 2, 4 do
    if redis.call('EXISTS', KEYS[i]) == 1 then return {'foreign', KEYS[i]} end
  end
  redis.call('SET', KEYS[1], ARGV[6])
  redis.call('HSET', KEYS[3], 'events', 0)
  take(ARGV[1], ARGV[2], ARGV[3])
end
renew(ARGV[4], ARGV[5])
return {'ok'}
"
    ))
});

/// Opens a job. Arguments: owner, holder, since, TTL of the lease, retention. Returns the header and the number of events,
/// or who holds the lease, and a text that changes when it is renewed.
pub(super) static OPEN: LazyLock<RedisScript> = LazyLock::new(|| {
    RedisScript::new(with_functions!(
        r"
local header = redis.call('GET', KEYS[1])
if not header then
  for i = 2, 4 do
    if redis.call('EXISTS', KEYS[i]) == 1 then return {'foreign', KEYS[i]} end
  end
  return {'missing'}
end
local lost = incomplete()
if lost then return lost end
if redis.call('EXISTS', KEYS[4]) == 1 and redis.call('HGET', KEYS[4], 'owner') ~= ARGV[1] then
  local holder, since, beat = lease()
  return {'held', holder, since, beat, tostring(redis.call('PTTL', KEYS[4]))}
end
take(ARGV[1], ARGV[2], ARGV[3])
renew(ARGV[4], ARGV[5])
return {'ok', header, tostring(redis.call('LLEN', KEYS[2]))}
"
    ))
});

/// Appends events and renews the lease, even one that has expired if nobody took it. Arguments: owner, holder, since,
/// TTL of the lease, retention, number of events before these, events. Events that are already there are not
/// appended again.
pub(super) static APPEND: LazyLock<RedisScript> = LazyLock::new(|| {
    RedisScript::new(with_functions!(
        r"
if redis.call('EXISTS', KEYS[1], KEYS[3]) < 2 then return {'missing'} end
if redis.call('HGET', KEYS[3], 'owner') ~= ARGV[1] then
  local holder, since = lease()
  return {'lost', holder, since}
end
if #ARGV > 6 then
  local length, before = redis.call('LLEN', KEYS[2]), tonumber(ARGV[6])
  if length < before then return {'short', tostring(length)} end
  for i = 7, #ARGV do
    local index = before + i - 7
    if index < length then
      if redis.call('LINDEX', KEYS[2], index) ~= ARGV[i] then return {'conflict', tostring(index + 1)} end
    else
      redis.call('RPUSH', KEYS[2], ARGV[i])
    end
  end
  redis.call('HSET', KEYS[3], 'events', redis.call('LLEN', KEYS[2]))
end
if redis.call('EXISTS', KEYS[4]) == 0 then
  redis.call('HSET', KEYS[4], 'owner', ARGV[1], 'holder', ARGV[2], 'since', ARGV[3])
end
redis.call('HINCRBY', KEYS[4], 'beat', 1)
renew(ARGV[4], ARGV[5])
return {'ok'}
"
    ))
});

/// Gives the job back. Argument: owner.
pub(super) static RELEASE: LazyLock<RedisScript> = LazyLock::new(|| {
    RedisScript::new(with_functions!(
        r"
if redis.call('HGET', KEYS[3], 'owner') == ARGV[1] then
  redis.call('HSET', KEYS[3], 'owner', '')
  redis.call('DEL', KEYS[4])
end
return {'ok'}
"
    ))
});

/// Reads a job: the header, the number of events, and whether a program has it open.
pub(super) static READ: LazyLock<RedisScript> = LazyLock::new(|| {
    RedisScript::new(with_functions!(
        r"
local header = redis.call('GET', KEYS[1])
if not header then return {'missing'} end
local lost = incomplete()
if lost then return lost end
return {'ok', header, tostring(redis.call('LLEN', KEYS[2])), tostring(redis.call('EXISTS', KEYS[4]))}
"
    ))
});
