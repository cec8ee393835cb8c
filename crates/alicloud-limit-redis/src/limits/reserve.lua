-- Reserves start times of one account and operation, and records throttling. Times are microseconds.
--
-- KEYS[1]  the state, one packed string
-- ARGV     1 process, 2 starts wanted, 3 most callers that waited at once, 4 documented rate per second,
--          5 length of a window, 6 throttled attempts, 7 retry-after (0: none), 8 whether this process started
--          calls in the last window (1: yes), 9 earliest start from now, 10 the time of a test (empty: TIME)
-- Returns  now, the number of active processes, 1000 times the rate, then the delay of each start from now.
local process, wanted, demand = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local documented, window = tonumber(ARGV[4]), tonumber(ARGV[5])
local throttled, retry_after = tonumber(ARGV[6]), tonumber(ARGV[7])
local SECOND, VERSION = 1000000, 1

local now = tonumber(ARGV[10])
if not now then
    local time = redis.call('TIME')
    now = time[1] * SECOND + time[2]
end

-- starts: times and how many calls start at each. processes: id, active until, demand, allowance.
local state = { version = VERSION, now = now, rate = documented, base = documented, saved = now, window = 0,
    throttled = 0, pause = 0, starts = {}, processes = {} }
local text = redis.call('GET', KEYS[1])
if text then
    local is_packed, value = pcall(cmsgpack.unpack, text)
    if not is_packed or type(value) ~= 'table' or value.version ~= VERSION then
        return redis.error_reply('ALICLOUDVERSION ' .. KEYS[1])
    end
    state = value
elseif ARGV[8] == '1' then
    -- The state was lost, and with it the starts of the last window.
    state.pause = now + window
end
-- The clock was set back: everything happened that much earlier.
local shift = math.max(0, state.now - now)
state.now = now
if shift > 0 then
    state.saved, state.window = state.saved - shift, state.window - shift
    state.pause = state.pause - shift
    for i = 1, #state.starts, 2 do state.starts[i] = state.starts[i] - shift end
    for i = 2, #state.processes, 4 do state.processes[i] = state.processes[i] - shift end
end

-- A tenth of the documented rate is recovered per second.
local rate = state.rate + documented * (now - state.saved) / SECOND / 10
rate = math.min(documented, rate)
local kept = math.max(1, 1 / rate) * window

local starts, total, recent = {}, 0, 0
for i = 1, #state.starts, 2 do
    local time, count = state.starts[i], state.starts[i + 1]
    if time > now - kept then
        starts[#starts + 1], starts[#starts + 2] = time, count
        total = total + count
        if time > now - window and time <= now then recent = recent + count end
    end
end
state.starts = starts

if throttled > 0 then
    -- One decrease per window, by the share of its starts that were throttled.
    if now >= state.window + window then
        state.window, state.base, state.throttled = now, rate, 0
    end
    state.throttled = state.throttled + throttled
    local lowest = math.min(documented, math.max(documented / 10, 0.5))
    rate = state.base * (1 - math.min(0.5, state.throttled / math.max(1, recent)))
    rate = math.max(lowest, rate)
    if retry_after > 0 then
        state.pause = math.max(state.pause, now + math.min(retry_after, 60 * SECOND))
    elseif state.throttled >= math.max(2, documented / 10) then
        state.pause = math.max(state.pause, state.window + window)
    end
end
state.rate, state.saved = rate, now

local processes, active, least, allowance = {}, 1, demand, 0
for i = 1, #state.processes, 4 do
    local id, active_until = state.processes[i], state.processes[i + 1]
    if id == process then
        allowance = state.processes[i + 3]
    elseif active_until > now then
        active = active + 1
        least = math.min(least, state.processes[i + 2])
        for j = i, i + 3 do processes[#processes + 1] = state.processes[j] end
    end
end

local response = { now, active, math.floor(rate * 1000) }
local limit, width = math.max(1, math.floor(rate)), window
if rate < 1 then width = window / rate end
if wanted > 0 then
    -- Processes take turns: nobody reserves more starts per turn than anybody has callers, and a process that
    -- arrives starts with few, because others may arrive at the same time.
    local share = math.floor(2 * rate / active)
    allowance = math.max(1, math.min(share, limit, least, math.max(2 * allowance, documented / 16)))
    local earliest = now + tonumber(ARGV[9])
    local last = math.max(earliest, state.pause, starts[#starts - 1] or 0)
    -- Starts that wait are spread over the window, in groups at high rates, so that a process with few callers
    -- gets its turn while its last call is executed.
    local group = math.ceil(limit / 200)
    local distance = math.ceil(group * width / limit)
    -- The start after which the window of the next one begins is number `total - limit + 1` of all.
    local run, passed = 1, 0
    for granted = 1, math.min(wanted, math.floor(allowance)) do
        local number = total - limit + 1
        local start = last
        if number >= 1 then
            while passed + starts[run + 1] < number do
                passed, run = passed + starts[run + 1], run + 2
            end
            start = math.max(last, math.ceil(starts[run] + width))
        end
        if start > earliest and active > 1 and #starts > 0 and starts[#starts] >= group then
            start = math.max(start, starts[#starts - 1] + distance)
        end
        if granted > 1 and start > now + 2 * window then break end
        if starts[#starts - 1] == start then
            starts[#starts] = starts[#starts] + 1
        else
            starts[#starts + 1], starts[#starts + 2] = start, 1
        end
        last, total = start, total + 1
        response[#response + 1] = start - now
    end
    local own = { process, last + 2 * SECOND, demand, allowance }
    for i = 1, 4 do processes[#processes + 1] = own[i] end
end
state.processes = processes

local last_use = math.max(now, state.pause, starts[#starts - 1] or 0)
local lifetime = math.min(3600000, math.ceil((last_use - now) / 1000) + 60000)
redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', lifetime)
return response
