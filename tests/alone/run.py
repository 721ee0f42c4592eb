#!/usr/bin/env python3
"""The binary alone: copied into an empty folder, with no network, no home folder and an empty environment, it serves.

    tests/alone/run.py BINARY

On Linux the server runs in a network namespace of its own that has a loopback device and nothing else; where that is not
allowed, it says so and goes on without. Needs only the standard library.
"""
import ctypes, fcntl, http.client, json, os, shutil, signal, socket, struct, subprocess, sys, tempfile, time

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1
PORT = 8787
TOKEN = "a-token-for-one-test"


def leave_the_network():
    """Moves this process into a network namespace without a way out."""
    if not sys.platform.startswith("linux"):
        return print("alone: not on Linux, the network is there but not needed")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0 and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return print(f"alone: the network stays: {os.strerror(ctypes.get_errno())}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    print("alone: no network but loopback")


def call(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    answer = json.load(response)
    assert response.status in (200, 201), (path, response.status, answer)
    return answer["result"]


def wait_until_ready(server):
    for _ in range(600):
        assert server.poll() is None, f"the server ended with {server.returncode}"
        try:
            return call("GET", "/readyz")
        except OSError:
            time.sleep(0.05)
    raise AssertionError("not ready after 30 s")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(binary, os.path.join(folder, "mnemon"))
        leave_the_network()
        server = subprocess.Popen([alone, "serve"], cwd=folder, env={"MNEMON_API_TOKEN": TOKEN})
        try:
            wait_until_ready(server)
            root = "/client/v4/accounts/local/agent-memory/namespaces"
            call("POST", root, {"name": "alone"})
            messages = [{"role": "user", "content": "I moved to Oslo yesterday.", "timestamp": "2026-04-21T09:00:00Z"}]
            call("POST", f"{root}/alone/profiles/ana/ingest", {"messages": messages})
            found = call("POST", f"{root}/alone/profiles/ana/recall", {"query": "When did the user move to Oslo?"})
            assert "2026-04-20" in found["answer"], found
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(timeout=15)
        assert code == 0, f"the server ended with {code}"
        assert sorted(os.listdir(folder)) == ["mnemon", "mnemon-data"], os.listdir(folder)
    print("alone: served, answered, ended with 0, and left nothing but its data folder")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
