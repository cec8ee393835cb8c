"""The loop of the Python drivers: reads a call per line and writes a result per line, as JSON."""

import json
import logging
import sys
import traceback


def run(call):
    """Calls the function for each line of stdin and prints its result before the next line is read.

    The caller waits for the result, so that it knows which requests the service received for the call.
    """
    # stdout is reserved for results, and the clients log errors that the driver returns anyway.
    logging.disable(logging.CRITICAL)
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            result = call(json.loads(line))
        except Exception:
            result = {"client_error": traceback.format_exc()}
        print(json.dumps(result), file=out, flush=True)


def response(fields, is_generic=False):
    """Returns the result for a response."""
    return {"response": fields, "is_generic": is_generic}


def service_error(code, message, status, request_id, is_generic=False):
    """Returns the result for an error of the service."""
    return {
        "service_error": {
            "code": code,
            "message": message,
            "status": status,
            "request_id": request_id,
        },
        "is_generic": is_generic,
    }


def not_supported(message):
    """Returns the result if the client does not have the operation."""
    return {"not_supported": message}


def plain(name):
    """Returns a name in the form in which names on the wire and those of Python are equal."""
    return "".join(character for character in name.lower() if character.isalnum())
