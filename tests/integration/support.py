"""What the integration tests share: the program under test, captures to feed it, tshark to compare with.

A test file ends with main(); it takes the program's path as its first argument. When everything in it was skipped it
exits with 77, which ctest shows as skipped."""
import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.path.join(os.path.dirname(ROOT), 'shared', 'corpus')
DEV = os.path.join(CORPUS, 'dev')
PROGRAM = os.path.join(ROOT, 'build', 'release', 'bin', 'packetrecorder')
SKIPPED = 77


def run(*args, code=0, stdin=None, env=None, timeout=120, binary=False):
    """Runs the program and checks its exit code; code None: any."""
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=not binary, stdin=stdin, timeout=timeout,
                          env={**os.environ, 'TZ': 'UTC', **(env or {})})
    allowed = code if isinstance(code, tuple) else (code,)
    if code is not None and done.returncode not in allowed:
        raise AssertionError(f'{" ".join(map(str, args))[:300]}: exit {done.returncode}, expected {allowed}\n{done.stderr[-2000:]}')
    return done


def jsonl(*args, **kw):
    return [json.loads(line) for line in run(*args, '--format', 'jsonl', **kw).stdout.splitlines()]


def tshark(*args):
    """Lines that tshark prints."""
    front = [] if args[0] == '-G' else ['-n']  # -G has to come first
    done = subprocess.run(['tshark', *front, *args], capture_output=True, text=True, timeout=600, env={**os.environ, 'TZ': 'UTC'})
    return done.stdout.splitlines()


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix='prtest.')
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def write_pcap(path, frames, link_type=1, nanoseconds=False):
    """frames: (time in units, octets[, length on the wire]); the unit is a micro- or a nanosecond."""
    per_second = 10**9 if nanoseconds else 10**6
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xa1b23c4d if nanoseconds else 0xa1b2c3d4, 2, 4, 0, 0, 262144, link_type))
        for time, octets, *wire in frames:
            f.write(struct.pack('<IIII', time // per_second, time % per_second, len(octets), wire[0] if wire else len(octets)) + octets)


def checksum(octets):
    total = sum(struct.unpack(f'>{len(octets) // 2}H', octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ipv4(src, dst, protocol, payload):
    """An Ethernet frame with an IPv4 packet."""
    header = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, bytes(map(int, src.split('.'))), bytes(map(int, dst.split('.'))))
    header = header[:10] + struct.pack('>H', checksum(header)) + header[12:]
    return bytes.fromhex('020000000002' '020000000001' '0800') + header + payload


def udp(src, sport, dst, dport, payload):
    return ipv4(src, dst, 17, struct.pack('>HHHH', sport, dport, 8 + len(payload), 0) + payload)


def tcp(src, sport, dst, dport, seq, ack, flags, payload=b''):
    return ipv4(src, dst, 6, struct.pack('>HHIIBBHHH', sport, dport, seq, ack, 0x50, flags, 8192, 0, 0) + payload)


def dns_query(name, number=0x1234):
    labels = b''.join(bytes([len(x)]) + x.encode() for x in name.split('.'))
    return struct.pack('>HHHHHH', number, 0x100, 1, 0, 0, 0) + labels + b'\0\0\1\0\1'


def need_corpus():
    if not os.path.isdir(f'{DEV}/pcaps'):
        raise unittest.SkipTest(f'no captures at {DEV}')


def need_tool(*names):
    for name in names:
        if shutil.which(name) is None:
            raise unittest.SkipTest(f'{name} is not installed')


def main():
    global PROGRAM
    if len(sys.argv) > 1 and not sys.argv[1].startswith('-'):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    # The tests call run() of this very module.
    result = unittest.main(module='__main__', exit=False, verbosity=2).result
    if result.wasSuccessful() and result.testsRun > 0 and len(result.skipped) >= result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(0 if result.wasSuccessful() else 1)
