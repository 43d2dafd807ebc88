"""How handlers declare their failures in the OpenAPI document."""

from litestar.openapi.datastructures import ResponseSpec

from web.errors import PROBLEM_JSON, ProblemDetails

REASONS = {
    400: "The body cannot be read",
    401: "No credentials, or they do not hold",
    403: "Visible, but a permission is missing",
    404: "There is none, or it is not visible to you",
    409: "Somebody else was faster, or a name is taken",
    422: "The input breaks a rule; `errors` names each fault",
    429: "Too many attempts; see `Retry-After`",
    503: "A part of the server does not answer; see `Retry-After`",
}


def failures(*statuses: int) -> dict[int, ResponseSpec]:
    """The problem+json answers that a handler may give, beside 400, 401 and 503, which all may.

    A bearer token that does not hold is refused even where none is needed.
    """
    return {
        status: ResponseSpec(
            ProblemDetails, generate_examples=False, description=REASONS[status], media_type=PROBLEM_JSON
        )
        for status in sorted({*statuses, 400, 401, 503})
    }


READING = failures(401, 404, 422)
WRITING = failures(401, 403, 404, 409, 422)
