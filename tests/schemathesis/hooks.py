"""What Schemathesis cannot be told in its configuration."""

from itertools import count

import schemathesis

numbers = count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each key of the stateful phase a number.

    Keys are drawn like other text, so one comes again after what its first request
    made has been deleted. The answer is then that of the first request, as it should
    be (draft-ietf-httpapi-idempotency-key-header-07, section 2.6), and the phase looks
    in vain for a project that is gone. The other phases send keys as they are drawn.
    """
    phase = getattr(getattr(case.meta, "phase", None), "name", None)
    key = (case.headers or {}).get("Idempotency-Key")
    if phase == "stateful" and isinstance(key, str) and 0 < len(key) <= 200:
        case.headers["Idempotency-Key"] = f"{key}{next(numbers)}"
