#!/usr/bin/env python3
"""Property-based requests made from openapi.json, against a server of its own: run.py MNEMON SCHEMATHESIS [CASES]

Every check of schemathesis runs, but for what schemathesis.toml leaves out and says why.
"""

import json
import os
import subprocess
import sys
import tempfile

TOKEN = "a-token-for-property-based-requests"
HERE = os.path.dirname(os.path.abspath(__file__))


def main(mnemon, schemathesis, cases="100"):
    mnemon, schemathesis = os.path.abspath(mnemon), os.path.abspath(schemathesis)
    with tempfile.TemporaryDirectory() as folder:
        # Wrong tokens are part of the requests; the data is gone afterwards.
        command = [mnemon, "serve", "--data", f"{folder}/data", "--listen", "127.0.0.1:0", "--failed-logins", "0", "--json"]
        environment = {"MNEMON_API_TOKEN": TOKEN, "MNEMON_LOG": "error", "PATH": os.environ["PATH"]}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            url = announced(server.stdout)["url"]
            arguments = ["--header", f"Authorization: Bearer {TOKEN}", "--max-examples", cases, "--seed", "7"]
            run = [schemathesis, "--config-file", f"{HERE}/schemathesis.toml", "run", f"{url}/openapi.json", *arguments]
            found = subprocess.run(run, cwd=folder).returncode
        finally:
            server.terminate()
            ended = server.wait(timeout=30)
    return found or ended


def announced(lines):
    """The JSON object that a server prints when it is ready."""
    text = ""
    for line in lines:
        text += line
        if line.rstrip() == "}":
            return json.loads(text)
    sys.exit("the server did not start")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
