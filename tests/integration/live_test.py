#!/usr/bin/env python3
"""Recording from an interface: two network namespaces, a veth pair, a capture replayed into one end. Needs root."""
import contextlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import unittest

import support
from support import folder, jsonl, need_corpus, need_tool, run, tshark

# Sends the packets of a pcap file as they are: SENDER FILE RATE
SENDER = r'''
import socket, struct, sys, time
data, rate = open(sys.argv[1], 'rb').read(), float(sys.argv[2])
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('v0', 0))
at, n, start = 24, 0, time.monotonic()
while at < len(data):
    size = struct.unpack_from('<I', data, at + 8)[0]
    s.send(data[at + 16:at + 16 + size])
    at, n = at + 16 + size, n + 1
    early = start + n / rate - time.monotonic()
    if early > 0.002: time.sleep(early)
print(n)
'''


def sh(*command):
    subprocess.run(command, check=True, capture_output=True)


@contextlib.contextmanager
def wire():
    """Two namespaces; v0 in the first, v1 in the second, joined."""
    a, b = f'prta{os.getpid()}', f'prtb{os.getpid()}'
    try:
        sh('ip', 'netns', 'add', a)
        sh('ip', 'netns', 'add', b)
        sh('ip', 'link', 'add', 'v0', 'netns', a, 'type', 'veth', 'peer', 'name', 'v1', 'netns', b)
        for namespace, link in ((a, 'v0'), (b, 'v1')):
            subprocess.run(['ip', 'netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'], check=False, capture_output=True)
            sh('ip', '-n', namespace, 'link', 'set', link, 'up')
        yield a, b
    finally:
        for namespace in (a, b):
            subprocess.run(['ip', 'netns', 'del', namespace], check=False, capture_output=True)


def until(condition, what, seconds=20):
    """Waits for something to become true; never for a fixed time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(.05)
    raise AssertionError(f'no {what} within {seconds} s')


def stored(database, *words):
    return len(jsonl('query', 'packets', '--database', database, *words)) if os.path.exists(database) else 0


class Recording:
    """A capture that runs; ended with the block."""

    def __init__(self, namespace, *words):
        enter = ['ip', 'netns', 'exec', namespace] if namespace else []
        self.process = subprocess.Popen([*enter, support.PROGRAM, 'capture', *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def ready(self, database):
        until(lambda: self.process.poll() is not None or has_session(database), 'session')

    def end(self, how=signal.SIGINT):
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


def has_session(database):
    return os.path.exists(database) and run('sessions', '--database', database, '--json', code=None).stdout.strip() not in ('', '[]')


def frames(path):
    """The packets of a pcap file, without their times."""
    with open(path, 'rb') as f:
        data = f.read()
    at, out = 24, []
    while at < len(data):
        size = struct.unpack_from('<I', data, at + 8)[0]
        out.append(data[at + 16:at + 16 + size].hex())
        at += 16 + size
    return out


def send(namespace, path, rate):
    done = subprocess.run(['ip', 'netns', 'exec', namespace, sys.executable, '-c', SENDER, path, str(rate)], capture_output=True, text=True, check=True)
    return int(done.stdout)


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not sys.platform.startswith('linux') or os.geteuid() != 0:
            raise unittest.SkipTest('needs root on Linux: it makes network namespaces')
        need_tool('ip')
        try:
            with wire():
                pass
        except subprocess.CalledProcessError as e:
            raise unittest.SkipTest(f'no network namespaces here: {e.stderr.decode()[:200]}')

    def test_a_replayed_capture_is_found_again(self):
        need_corpus()
        need_tool('editcap', 'tshark')
        source = f'{support.DEV}/pcaps/chrissanders_packets/http_dvwa_clearlogin.pcapng'
        with folder() as d, wire() as (a, b):
            subprocess.run(['editcap', '-F', 'pcap', source, f'{d}/in.pcap'], check=True, capture_output=True)
            sent = frames(f'{d}/in.pcap')
            with Recording(b, '--interface', 'v1', '--database', f'{d}/a.db', '--json') as recording:
                recording.ready(f'{d}/a.db')
                self.assertEqual(send(a, f'{d}/in.pcap', 5000), len(sent))
                until(lambda: stored(f'{d}/a.db') >= len(sent), 'sight of all packets')
                code, out, err = recording.end()
            self.assertEqual(code, 0, err)
            got = [p['data'] for p in jsonl('query', '--database', f'{d}/a.db', '--show-data')]
            self.assertEqual(got, sent)
            summary = json.loads(out)
            self.assertEqual(summary['packets'], len(sent))
            # What is stored dissects as the original does.
            run('query', '--database', f'{d}/a.db', '--format', 'pcapng', '--output', f'{d}/o.pcapng')
            what = ('-T', 'fields', '-e', 'frame.len', '-e', 'frame.protocols')
            self.assertEqual(tshark('-r', f'{d}/o.pcapng', *what), tshark('-r', f'{d}/in.pcap', *what))

    def test_every_packet_is_accounted_for(self):
        with folder() as d, wire() as (a, b):
            numbered = [(i, bytes.fromhex('020000000002' '020000000001' '88b5') + struct.pack('>Q', i) + bytes(100)) for i in range(20000)]
            support.write_pcap(f'{d}/in.pcap', numbered)
            with Recording(b, '--interface', 'v1', '--database', f'{d}/a.db') as recording:
                recording.ready(f'{d}/a.db')
                send(a, f'{d}/in.pcap', 20000)
                until(lambda: stored(f'{d}/a.db') >= 20000, 'sight of all packets')
                code, _, err = recording.end(signal.SIGTERM)
            self.assertEqual(code, 0, err)
            row = jsonl('query', 'sessions', '--database', f'{d}/a.db')[0]
            drops = row['dropped']
            self.assertEqual(row['received'], row['packets'] + drops['kernel'] + drops['queue'] + drops['store'])
            self.assertEqual(row['packets'], stored(f'{d}/a.db'))
            self.assertEqual((row['state'], row['file']), ('complete', 'v1'))

    def test_count_duration_and_filter(self):
        with folder() as d, wire() as (a, b):
            packets = [(i, bytes.fromhex('020000000002' '020000000001' '88b5') + bytes(50)) for i in range(100)]
            support.write_pcap(f'{d}/in.pcap', packets)
            with Recording(b, '-i', 'v1', '-w', f'{d}/a.db', '-c', '25', '-s', '40') as recording:
                recording.ready(f'{d}/a.db')
                send(a, f'{d}/in.pcap', 2000)
                out, err = recording.process.communicate(timeout=20)
            self.assertEqual(recording.process.returncode, 0, err)
            rows = jsonl('query', '--database', f'{d}/a.db', '--fields', 'frame.cap_len,frame.len')
            self.assertEqual([(r['frame.cap_len'], r['frame.len']) for r in rows], [(40, 64)] * 25)
            with Recording(b, '-i', 'v1', '--database', f'{d}/b.db', '--filter', 'tcp', '--duration', '1') as recording:
                recording.ready(f'{d}/b.db')
                send(a, f'{d}/in.pcap', 2000)
                out, err = recording.process.communicate(timeout=20)
            self.assertEqual((recording.process.returncode, stored(f'{d}/b.db')), (0, 0), out + err)

    def test_a_bad_capture_filter_is_explained(self):
        with wire() as (_, b), folder() as d, Recording(b, '-i', 'v1', '--database', f'{d}/a.db', '--filter', 'tcp prot 80') as recording:
            _, err = recording.process.communicate(timeout=20)
            self.assertEqual(recording.process.returncode, 2)
            self.assertIn('tcp prot 80', err)
            self.assertFalse(os.path.exists(f'{d}/a.db'))

    def test_no_such_interface(self):
        with folder() as d:
            done = run('capture', '--interface', 'nowhere0', '--database', f'{d}/a.db', code=5)
            self.assertIn('nowhere0', done.stderr)

    def test_one_writer(self):
        with folder() as d, wire() as (_, b), Recording(b, '-i', 'v1', '--database', f'{d}/a.db') as recording:
            recording.ready(f'{d}/a.db')
            support.write_pcap(f'{d}/in.pcap', [(0, bytes(60))])
            done = run('import', f'{d}/in.pcap', '--database', f'{d}/a.db', code=7)
            self.assertRegex(done.stderr, rf'\b\d+\b')
            run('query', 'flows', '--database', f'{d}/a.db')
            self.assertEqual(recording.end()[0], 0)

    def test_the_file_belongs_to_who_called_sudo(self):
        with folder() as d:
            home = f'{d}/home'
            os.chmod(d, 0o755)
            os.mkdir(home)
            os.chown(home, 65534, 65534)
            run('capture', '-i', 'lo', '--duration', '1', '--database', f'{home}/a.db', env={'SUDO_UID': '65534', 'SUDO_GID': '65534'})
            made = [os.path.join(where, x) for where, folders, files in os.walk(home) for x in folders + files]
            self.assertIn(f'{home}/a.db', made)
            self.assertEqual({(os.stat(x).st_uid, os.stat(x).st_gid) for x in made}, {(65534, 65534)})

    def test_an_interface_that_goes_away_and_comes_back(self):
        with folder() as d, wire() as (a, b):
            support.write_pcap(f'{d}/in.pcap', [(i, bytes.fromhex('020000000002' '020000000001' '88b5') + bytes(50)) for i in range(10)])
            with Recording(b, '-i', 'v1', '--database', f'{d}/a.db') as recording:
                recording.ready(f'{d}/a.db')
                send(a, f'{d}/in.pcap', 1000)
                until(lambda: stored(f'{d}/a.db') >= 10, 'sight of the first packets')
                sh('ip', '-n', b, 'link', 'set', 'v1', 'down')
                sh('ip', '-n', b, 'link', 'set', 'v1', 'up')

                def more():
                    send(a, f'{d}/in.pcap', 1000)
                    return stored(f'{d}/a.db') >= 20
                until(more, 'packets after the interface came back')
                code, _, err = recording.end()
            self.assertEqual(code, 0, err)

    def test_progress_is_not_for_pipes(self):
        with folder() as d:
            done = run('capture', '-i', 'lo', '--duration', '1', '--database', f'{d}/a.db')
            self.assertFalse(re.search('[\r\x1b]', done.stdout + done.stderr))


if __name__ == '__main__':
    support.main()
