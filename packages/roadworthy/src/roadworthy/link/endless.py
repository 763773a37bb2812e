"""Which expressions have no end of values: addresses, ids of people and requests, texts of errors."""

import re

_ROUTED = re.compile(
    r"route|rule|template|resolver|endpoint|match|normali[sz]e|sanitize|replace|re\.sub|split|group", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"""
    \b(?:request|req)\.(?:raw\.)?url(?:\.(?:path|raw_path|pathname))?\s*\)*$
    | \b(?:request|req)\.(?:path|full_path|path_info|raw_path|originalUrl|query_string|get_full_path\(\)|build_absolute_uri\(\))
    | \bscope\[['"](?:path|raw_path|query_string)['"]\]
    | \bscope\.get\(['"](?:path|raw_path)['"]
    | \bctx\.(?:path|url|originalUrl|request\.url)\b
    | \bPATH_INFO\b
    """,
    re.VERBOSE,
)
_PERSON = re.compile(
    r"""
    \b(?:user|customer|patient|subject|member|participant)_?(?:id|uuid|email|name)\b
    | \b(?:current_?user|user|customer|patient|subject|participant)\.(?:id|pk|uuid|email|username|sub)\b
    | \b(?:\w+_)?token\b
    | \be-?mail(?:_address)?\b
    | \b(?:client_?ip|remote_?addr(?:ess)?)\b | \brequest\.client\.host\b | \breq\.ip\b
    | \buser_?agent\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ONCE = re.compile(
    r"""
    \b(?:session|request|correlation|trace|span|transaction|order|message)_?(?:id|uuid)\b
    | \b(?:session|order|transaction)\.(?:id|pk|uuid)\b
    | \buuid[14]\( | \brandomUUID\( | \btime\.time\( | \bDate\.now\( | \bdatetime\.(?:now|utcnow)\(
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\b(?:request|req)\.(?:headers|query_params|cookies|args|GET|META)\b|\breq\.(?:query|header|get)\b|\bctx\.(?:headers|query)\b"
)
_ERROR = re.compile(
    r"\b(?:str|repr|String)\((?:e|ex|exc|err|error|exception)\)|\b(?:e|ex|exc|err|error|exception)\.(?:message|stack|args)\b"
    r"|^f?[\"'`]?\$?\{(?:e|exc|err|error)\}"
)
_KINDS = re.compile(
    r"__name__|__class__|type\(|\.name\b|\.code\b|len\(|hash|bool\(|\bin\b|==|\?\s*['\"]", re.IGNORECASE
)


def source(expression: str) -> str:
    """Return in words what an expression is filled with that has no end of values, "" where nothing shows that."""
    if _ADDRESS.search(expression) and not _ROUTED.search(expression):
        return "the address each request asks for"
    if _KINDS.search(expression):
        return ""
    if _CLIENT.search(expression):
        return "what each client writes"
    if _PERSON.search(expression):
        return "something of each person"
    if _ONCE.search(expression):
        return "something that is new with each request"
    if _ERROR.search(expression):
        return "the text of each error"
    return ""
