# SPDX-License-Identifier: BSD-3-Clause
"""Profiles made by the openssl and gzip command lines, served by nginx; what does not fit is
refused with its class, and the configuration stays as it was."""
import json
import os
import subprocess

from peers import Farm, Nginx, SPAFARM, check, main, scratch, wait_for

KEY = "a key of words 0123456789abcdef"
TEXT = "<flat-profile>\n<Station_Name>%s</Station_Name>\n</flat-profile>\n"


def put(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def gzip(data):
    return subprocess.run(["gzip", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def encrypt(data, *args, key=KEY):
    return subprocess.run(["openssl", "enc", "-e", "-aes-256-cbc", *args, "-k", key], input=data,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def profile_files():
    """name: (bytes, taken, word of the refusal, class)"""
    plain = (TEXT % "New").encode()
    md5, sha256 = encrypt(plain, "-md", "md5"), encrypt(plain, "-md", "sha256")
    return {
        "md5.cfg": (md5, True, "", "A"), "sha256.cfg": (sha256, True, "", "A"),
        "default.cfg": (encrypt(plain), True, "", "A"),
        "packed.xml": (gzip(plain), True, "", "A"),
        "packed-md5.cfg": (encrypt(gzip(plain), "-md", "md5"), True, "", "A"),
        "packed-sha256.cfg": (encrypt(gzip(plain), "-md", "sha256"), True, "", "A"),
        "plain.xml": (plain, True, "", "A"),
        "hex-key.cfg": (encrypt(plain, key="00112233445566778899aabbccddeeff"), False, "wrong key", "B"),
        "wrong-key.cfg": (encrypt(plain, "-md", "md5", key="another"), False, "wrong key", "B"),
        "pbkdf2.cfg": (encrypt(plain, "-pbkdf2"), False, "wrong key", "B"),
        "truncated.cfg": (md5[:-16], False, "cut off", "B"),
        "odd-length.cfg": (md5[:-3], False, "cut off", "B"),
        "packed-truncated.cfg": (encrypt(gzip(plain)[:-9], "-md", "md5"), False, "gzip", "B"),
        "twice.cfg": (gzip(md5), False, "encrypted profile", "B"),
    }


def what_openssl_and_gzip_write_is_taken_and_nothing_else_is():
    folder, files = scratch(), profile_files()
    put(folder, "old.xml", (TEXT % "Old").encode())
    for name, (data, *_) in files.items():
        put(folder, name, data)
    with Nginx("127.138.255.1", folder) as nginx, \
            Farm("--count", str(len(files)), "--addr", "127.138.0.0/24", "--profile-rule",
                 "http://127.138.255.1:8080/old.xml") as farm:
        farm.call("wait", phones="all", cond="idle", timeout=60)
        for n, name in enumerate(files, 1):
            farm.call("resync", phones=str(n),
                      url=f'[--key "{KEY}"] http://127.138.255.1:8080/{name}')
        wait_for("each was asked for", lambda: len(nginx.requests()) >= 2 * len(files))
        for n, (name, (_, taken, word, letter)) in enumerate(files.items(), 1):
            state = wait_for(f"{name} was read", lambda: (
                lambda s: s if name in s["last_url"] else None)(farm.state(n)["provisioning"]))
            value = str(farm.call("get", phones=str(n), names=["Station_Name"]))
            check(f"{name}: class", state["last_class"] == letter, state)
            check(f"{name}: reason", word in state["last_error"] and
                  (taken or "corrupt file" in state["last_error"]), state)
            check(f"{name}: {'new' if taken else 'old'} values", ("New" if taken else "Old") in value,
                  value)
        check("a plain file with a key is noted", "not encrypted" in
              farm.state(list(files).index("plain.xml") + 1)["provisioning"]["note"])


def the_command_line_reads_them_too():
    folder = scratch()
    for name, (data, taken, word, _) in profile_files().items():
        put(folder, name, data)
        result = subprocess.run([SPAFARM, "profile", os.path.join(folder, name), "--key", KEY,
                                 "--json"], capture_output=True, text=True)
        check(f"{name}: exit", result.returncode == (0 if taken else 1), result)
        if taken:
            data = json.loads(result.stdout)
            check(f"{name}: its value", data["values"] == {"Station_Name": "New"}, data)
            check(f"{name}: its digest", name[:3] not in ("md5", "sha") or
                  data["encrypted"] == name[:-4], data)
        else:
            check(f"{name}: why", word in result.stderr, result.stderr)
    result = subprocess.run([SPAFARM, "profile", os.path.join(folder, "md5.cfg")],
                            capture_output=True, text=True)
    check("without a key", result.returncode == 1 and "no key" in result.stderr, result)
    result = subprocess.run([SPAFARM, "profile", os.path.join(folder, "sha256.cfg"), "--key", KEY,
                             "--set", "Sim_Profile_Digest=md5"], capture_output=True, text=True)
    check("a fixed digest", result.returncode == 1 and "tried MD5)" in result.stderr, result)


main([what_openssl_and_gzip_write_is_taken_and_nothing_else_is, the_command_line_reads_them_too])
