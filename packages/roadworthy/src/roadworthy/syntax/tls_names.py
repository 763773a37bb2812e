"""Names of TLS protocols and ciphers as OpenSSL reads them (`openssl ciphers`, OpenSSL 1.0.2 to 3)."""

import re

PROTOCOLS = {"SSLv2": False, "SSLv3": False, "TLSv1": False, "TLSv1.1": False, "TLSv1.2": True, "TLSv1.3": True}

_EXCHANGE = r"((ECDHE|ECDH|AECDH|DHE|EDH|DH|ADH|EXP|KRB5|SRP|RSA)-)?((RSA|ECDSA|DSS|DSA|PSK|GOST\d*)-)?(PSK-)?"
_CIPHER = (
    r"(AES(128|256)(-GCM-SHA(256|384)|-CCM8?|(-CBC)?-SHA(256|384)?)|AES-(128|256)-CBC-SHA|CHACHA20-POLY1305(-SHA256)?|"
    r"CAMELLIA(128|256)-SHA(256|384)?|ARIA(128|256)-GCM-SHA(256|384)|DES-CBC3?-SHA|3DES-EDE-CBC-SHA|RC4-(SHA|MD5)|"
    r"RC2-CBC-MD5|DES-CBC-MD5|SEED-SHA|IDEA-CBC-SHA|NULL-(SHA(256|384)?|MD5)|GOST\S+)"
)
_NAME = re.compile(_EXCHANGE + _CIPHER)
_WRONG_MODE = re.compile(r"AES128-GCM-SHA384|AES256-GCM-SHA256|ARIA128-GCM-SHA384|ARIA256-GCM-SHA256")
_MODERN = re.compile(r"TLS_(AES_(128|256)_(GCM|CCM|CCM_8)_SHA(256|384)|CHACHA20_POLY1305_SHA256)")
_GROUPS = frozenset(
    """
    DEFAULT COMPLEMENTOFDEFAULT ALL COMPLEMENTOFALL HIGH MEDIUM LOW EXP EXPORT EXPORT40 EXPORT56 eNULL NULL aNULL kRSA aRSA
    RSA kDHr kDHd kDH kDHE kEDH DH DHE EDH ADH kEECDH kECDHE ECDH ECDHE EECDH AECDH aDSS DSS aDH aECDSA ECDSA TLSv1.2
    TLSv1.0 TLSv1 SSLv3 SSLv2 AES128 AES256 AES AESGCM AESCCM AESCCM8 ARIA128 ARIA256 ARIA CAMELLIA128 CAMELLIA256 CAMELLIA
    CHACHA20 3DES DES RC4 RC2 IDEA SEED MD5 SHA1 SHA SHA256 SHA384 aGOST aGOST01 kGOST GOST94 GOST89MAC PSK kPSK kECDHEPSK
    kDHEPSK kRSAPSK aPSK SUITEB128 SUITEB128ONLY SUITEB192 SRP kSRP aSRP KRB5 kKRB5 aKRB5 FIPS kECDHr kECDHe aECDH CBC
    EXPORT1024 PROFILE=SYSTEM CHACHA20+POLY1305
    """.split()
)
_WEAK = re.compile(r"(^|[-+])(RC4|DES|3DES|MD5|NULL|aNULL|eNULL|EXP\w*|LOW|ADH|AECDH|RC2|DES-CBC3)([-+]|$)")


def cipher_fault(word: str) -> str:
    """Return what is wrong with one word of a list of ciphers: "unknown", "weak" or "" for nothing."""
    if word[:1] in ("!", "-") or word.startswith("@") or "$" in word:
        return ""
    name = word.lstrip("+")
    if _MODERN.fullmatch(name):
        return ""
    known = all(part in _GROUPS for part in name.split("+")) or name in _GROUPS
    if not known and (not _NAME.fullmatch(name) or _WRONG_MODE.search(name)):
        return "unknown"
    return "weak" if _WEAK.search(name) else ""
