#!/usr/bin/env python3
"""Writes seeds of the mint's fuzz targets, each a case that its parser tells from the others.

usage: mint_seeds.py [FOLDER]          (tests/fuzz/corpus; needs the program openssl)

Certificates are new in each run; their keys and signatures do not matter, as the target issues them
again. All else is always the same.
"""
import base64
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


# --- fuzz_mint_jws: rules, then header.payload.signature

TYPE_OPTIONAL, KID_REQUIRED, BRINGS_KEY, KNOWN_ONLY = 1, 2, 4, 8
JWK = {"crv": "P-256", "kty": "EC", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
GOOD_HEADER = {"alg": "ES256", "kid": "k", "typ": "JWT"}
GOOD_TIMES = {"aud": "joe", "iat": 1300818900, "nbf": 1300818900, "exp": 1300819100}


def jws(header, claims=None, rules=0, more=b""):
    def text(value):
        return value if isinstance(value, bytes) else json.dumps(value).encode()
    payload = text(GOOD_TIMES if claims is None else claims)
    return bytes([rules]) + b".".join([b64(text(header)), b64(payload), b64(bytes(64))]) + more


def jws_seeds():
    yield "good", jws(GOOD_HEADER)
    for name, changed in {
            "alg_none": {"alg": "nOnE"}, "alg_symmetric": {"alg": "HS256"}, "alg_number": {"alg": 1},
            "alg_unknown": {"alg": "ES257"}, "alg_not_allowed": {"alg": "PS256"},
            "typ_number": {"typ": 1}, "typ_other": {"typ": "dpop+jwt"}, "kid_number": {"kid": 1},
            "crit": {"crit": ["exp"]}, "b64": {"b64": False}, "enc": {"enc": "A128GCM"},
            "jku": {"jku": "https://a.example"}, "jwk": {"jwk": JWK}}.items():
        yield name, jws(GOOD_HEADER | changed, rules=KID_REQUIRED)
    for missing in GOOD_HEADER:
        header = {name: value for name, value in GOOD_HEADER.items() if name != missing}
        yield "no_" + missing, jws(header, rules=KID_REQUIRED)
    yield "no_typ_is_right", jws({"alg": "ES256"}, rules=TYPE_OPTIONAL)
    yield "brings_key", jws({"alg": "ES256", "typ": "JWT", "jwk": JWK}, rules=BRINGS_KEY)
    yield "brings_none", jws({"alg": "ES256", "typ": "JWT"}, rules=BRINGS_KEY)
    yield "known", jws(GOOD_HEADER, rules=KNOWN_ONLY)
    yield "unknown_member", jws(GOOD_HEADER | {"x": 1}, rules=KNOWN_ONLY)
    yield "five_parts", jws(GOOD_HEADER, more=b".YQ.YQ")
    yield "four_parts", jws(GOOD_HEADER, more=b".YQ")
    for name, header in {"array": [], "twice": b'{"alg":"ES256","alg":"ES256"}', "cut": b"{",
                         "deep": b"[" * 20, "nul": {"alg": "ES256", "x": "\0"}}.items():
        yield "header_" + name, jws(header)
    yield "header_no_base64", bytes([0]) + b"e+A.e30.YQ"
    yield "signature_no_base64", bytes([0]) + b"e30.e30.YR"
    yield "payload_no_base64", bytes([0]) + b64(json.dumps(GOOD_HEADER).encode()) + b".e3.YQ"
    yield "long", bytes([0]) + b"a" * 17000
    for name, changed in {
            "aud_array": {"aud": ["joe"]}, "aud_none": {"aud": []}, "aud_two": {"aud": ["joe", "x"]},
            "aud_number": {"aud": 1}, "aud_other": {"aud": "jim"}, "exp_text": {"exp": "1"},
            "exp_past": {"exp": 1300818999}, "exp_far": {"exp": 1300919000},
            "exp_before_iat": {"exp": 1300818800}, "iat_future": {"iat": 1300819050},
            "iat_negative": {"iat": -1}, "nbf_future": {"nbf": 1300819050},
            "nbf_after_exp": {"nbf": 1300819200}, "nbf_text": {"nbf": ""}}.items():
        yield name, jws(GOOD_HEADER, GOOD_TIMES | changed)
    for missing in ["aud", "exp", "iat", "nbf"]:
        yield "no_" + missing, jws(GOOD_HEADER, {k: v for k, v in GOOD_TIMES.items() if k != missing})


# --- fuzz_mint_dpop: what is asked for, then the claims of a proof that the target signs

SIGN, TOKEN, NONCE = 1, 2, 4
GOOD_CLAIMS = {"jti": "1", "htm": "POST", "htu": "https://server.example.com/token", "iat": 1562262616}


def dpop_seeds():
    def seed(asked, changed=None, missing=""):
        claims = {k: v for k, v in (GOOD_CLAIMS | (changed or {})).items() if k != missing}
        return bytes([SIGN | asked]) + json.dumps(claims).encode()
    ath = b64(hashlib.sha256(b"a.b.c").digest()).decode()
    yield "good", seed(0)
    yield "token", seed(TOKEN, {"ath": ath})
    yield "token_other", seed(TOKEN, {"ath": ath[::-1]})
    yield "token_missing", seed(TOKEN)
    yield "nonce", seed(NONCE, {"nonce": "n1"})
    yield "nonce_other", seed(NONCE, {"nonce": "n2"})
    yield "both", seed(TOKEN | NONCE, {"nonce": "n1", "ath": ath})
    for name, changed in {
            "method": {"htm": "GET"}, "method_number": {"htm": 1}, "url": {"htu": "https://x/"},
            "url_none": {"htu": "token"}, "url_user": {"htu": "https://u@server.example.com/token"},
            "url_scheme": {"htu": "ftp://server.example.com/token"}, "url_host": {"htu": "https:///x"},
            "url_space": {"htu": "https://server.example.com/ token"},
            "url_long": {"htu": "https://x/" + "y" * 5000},
            "url_case": {"htu": "HTTPS://Server.Example.com:443/token"},
            "url_query": {"htu": "https://server.example.com/token?x"}, "early": {"iat": 1562262700},
            "late": {"iat": 1562262500}, "text": {"iat": "1"}, "jti_empty": {"jti": ""}}.items():
        yield name, seed(0, changed)
    for missing in GOOD_CLAIMS:
        yield "no_" + missing, seed(0, missing=missing)
    yield "no_json", bytes([SIGN]) + b"{"


# --- fuzz_mint_certificate: DER

SVID = {"subjectAltName": "URI:spiffe://a.example/agent", "keyUsage": "critical,digitalSignature",
        "basicConstraints": "critical,CA:FALSE", "extendedKeyUsage": "serverAuth,clientAuth"}
AUTHORITY = {"basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,cRLSign",
             "subjectAltName": "URI:spiffe://a.example"}


def certificate(key, extensions, days=7000):
    extensions = {"subjectKeyIdentifier": "hash"} | extensions
    command = ["openssl", "req", "-x509", "-new", "-key", key, "-subj", "/CN=seed", "-outform", "DER",
               "-days", str(days), "-config", "/dev/null"]
    for name, value in extensions.items():
        if value:
            command += ["-addext", f"{name}={value}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def certificate_seeds():
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        key = file.name
        subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key],
                       check=True)
        good = certificate(key, SVID)
        yield "svid", good
        for name, changed in {
                "two_names": {"subjectAltName": "URI:spiffe://a.example/x,URI:spiffe://a.example/y"},
                "dns_too": {"subjectAltName": "URI:spiffe://a.example/x,DNS:a.example"},
                "no_uri": {"subjectAltName": "DNS:a.example"}, "no_name": {"subjectAltName": ""},
                "https": {"subjectAltName": "URI:https://a.example/x"},
                "no_path": {"subjectAltName": "URI:spiffe://a.example"},
                "other_domain": {"subjectAltName": "URI:spiffe://b.example/x"},
                "is_authority": {"basicConstraints": "critical,CA:TRUE"},
                "no_constraints": {"basicConstraints": ""}, "no_usage": {"keyUsage": ""},
                "usage_not_critical": {"keyUsage": "digitalSignature"},
                "agrees_keys": {"keyUsage": "critical,keyAgreement"},
                "signs_too": {"keyUsage": "critical,digitalSignature,keyCertSign"},
                "client_only": {"extendedKeyUsage": "clientAuth"},
                "no_extended": {"extendedKeyUsage": ""}}.items():
            yield name, certificate(key, SVID | changed)
        yield "expired", certificate(key, SVID, days=10)
        # The year of its beginning, and of its end, in the middle of two texts of 13 characters.
        begin = good.index(b"\x17\x0d") + 2
        yield "not_yet_valid", good[:begin] + b"400101000000Z" + good[begin + 13:]
        yield "bad_time", good[:begin] + b"409901000000Z" + good[begin + 13:]
        yield "authority", certificate(key, AUTHORITY)
        for name, changed in {
                "foreign": {"subjectAltName": "URI:spiffe://b.example"},
                "nameless": {"subjectAltName": ""},
                "bound": {"subjectAltName": "",
                          "nameConstraints": "critical,permitted;URI:b.example"},
                "bound_right": {"subjectAltName": "",
                                "nameConstraints": "critical,permitted;URI:a.example"},
                "excluded": {"nameConstraints": "critical,excluded;URI:a.example"},
                "vague": {"basicConstraints": ""}}.items():
            yield "authority_" + name, certificate(key, AUTHORITY | changed)
        yield "authority_expired", certificate(key, AUTHORITY, days=10)


# --- fuzz_mint_ledger: what it is, then payloads or segments

RAW, SEALED, HEADS, TWO_RAW = 0, 1, 2, 3
TEXTS = {"decision_id": 1, "reason": 2, "principal": 7, "subject": 8, "owner": 10, "task": 11, "txn": 13,
         "jti": 17}
INTEGERS = {"expires": 19, "max_uses": 20, "controls": 26}
DIGESTS = {"policy_digest": 6}
MINT, DENY, USE, REVOKE, SWAP = 1, 2, 3, 5, 6


def record(kind, **fields):
    values = {}
    for name, value in {"controls": 7, **fields}.items():
        if name in TEXTS:
            values[TEXTS[name]] = value.encode()
        elif name in INTEGERS:
            values[INTEGERS[name]] = struct.pack("<q", value)
        else:
            values[DIGESTS[name]] = value
    payload = bytes([kind]) + b"".join(
        struct.pack("<BI", number, len(value)) + value for number, value in sorted(values.items()))
    return struct.pack("<H", len(payload)) + payload


def mint(jti, **more):
    return record(MINT, decision_id="d", jti=jti, principal='Agent::"a"', owner="o", subject="s",
                  policy_digest=bytes(32), **({"expires": 9000} | more))


def segment(alive_until=9, oldest=0):
    return b"\xff\xff" + bytes([alive_until, oldest])


def header(number, first, previous, oldest=0, created=1):
    bytes_ = b"assaylg1" + bytes([1] + [0] * 15) + struct.pack("<QQq", number, first, created) + previous
    bytes_ += struct.pack("<qQ", 0, oldest)
    return bytes_ + struct.pack("<I", zlib.crc32(bytes_))


def ledger_seeds():
    swap = record(SWAP, policy_digest=bytes(32))
    use = record(USE, jti="g1", expires=9000)
    revokes = (record(REVOKE, jti="g1", reason="r", expires=9000) +
               record(REVOKE, txn="t", reason="r", expires=9000) +
               record(REVOKE, subject="s", reason="r", expires=9000))
    sealed = bytes([SEALED])
    yield "two_segments", sealed + swap + mint("g1") + segment() + use + revokes
    yield "three_segments", sealed + mint("g1") + segment() + use + segment() + mint("g2", task="t")
    yield "empty_segments", sealed + segment(0, 1) + segment(0, 2) + mint("g1")
    # Reading what is alive at 1 skips those between.
    yield "skipped", sealed + mint("g1") + segment(9) + swap + segment(0) + swap + segment(0) + use
    yield "skipped_to_end", sealed + swap + segment(9) + swap + segment(0)
    yield "alive_is_newest", sealed + mint("g1", expires=1) + segment(0, 1) + mint("g2")
    yield "alive_is_missing", sealed + mint("g1") + segment(0, 7) + use
    yield "expired_use", sealed + mint("g1", expires=1) + use + record(DENY, decision_id="d", reason="r")
    first = header(0, 0, bytes(32))
    chain = hashlib.sha256(first).digest()

    def two(second, more=b""):
        return bytes([TWO_RAW]) + struct.pack("<H", len(first + more)) + first + more + second
    yield "raw_two", two(header(1, 0, chain))
    yield "raw_other_number", two(header(2, 0, chain))
    yield "raw_other_chain", two(header(1, 0, bytes(32)))
    yield "raw_other_place", two(header(1, 5, chain))
    yield "raw_older", two(header(1, 0, chain, created=0))
    yield "raw_no_header", two(b"x" * 100)
    yield "raw_cut_before", two(header(1, 0, chain), b"x" * 7)
    yield "raw_newest_alive", two(header(1, 0, chain, oldest=1))
    yield "raw_first_is_second", bytes([RAW]) + header(1, 0, bytes(32))


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "corpus")
    for target, seeds in {"mint_jws": jws_seeds, "mint_dpop": dpop_seeds,
                          "mint_certificate": certificate_seeds, "mint_ledger": ledger_seeds}.items():
        for name, data in seeds():
            (folder / target / ("seed_" + name)).write_bytes(data)


if __name__ == "__main__":
    main()
