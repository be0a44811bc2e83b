#!/usr/bin/env python3
"""Importing captures: what is kept, what is said of damage, and that files do not touch each other."""
import gzip
import json
import os
import struct
import subprocess
import unittest

import support
from support import dns_query, folder, jsonl, need_corpus, need_tool, run, tcp, udp, write_pcap

START = 1_700_000_000_000_000


def packets_of(path, n=10):
    write_pcap(path, [(START + i * 1000, udp('10.0.0.1', 1000 + i % 3, '10.0.0.2', 53, dns_query(f'n{i}.example'))) for i in range(n)])


def conversation(start, client='10.0.0.1', sport=40000, x=100, y=500):
    """A whole TCP conversation with a request and a response; x and y are the first sequence numbers."""
    request, response = b'GET / HTTP/1.1\r\nHost: www.example\r\n\r\n', b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    steps = [(client, sport, '10.0.0.2', 80, x, 0, 2, b''), ('10.0.0.2', 80, client, sport, y, x + 1, 0x12, b''),
             (client, sport, '10.0.0.2', 80, x + 1, y + 1, 0x10, b''), (client, sport, '10.0.0.2', 80, x + 1, y + 1, 0x18, request),
             ('10.0.0.2', 80, client, sport, y + 1, x + 1 + len(request), 0x18, response),
             (client, sport, '10.0.0.2', 80, x + 1 + len(request), y + 1 + len(response), 0x11, b''),
             ('10.0.0.2', 80, client, sport, y + 1 + len(response), x + 2 + len(request), 0x11, b''),
             (client, sport, '10.0.0.2', 80, x + 2 + len(request), y + 2 + len(response), 0x10, b'')]
    return [(start + i * 1000, tcp(*step)) for i, step in enumerate(steps)]


class Import(unittest.TestCase):
    def test_counts_of_a_session(self):
        with folder() as d:
            packets_of(f'{d}/a.pcap')
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db', '--name', 'label')
            row = jsonl('query', 'sessions', '--database', f'{d}/a.db')[0]
            for key, value in {'type': 'file', 'file': f'{d}/a.pcap', 'packets': 10, 'linktype': 'ETHERNET', 'dns_queries': 10,
                               'dns_responses': 0, 'tcp_flows': 0, 'udp_flows': 3, 'malformed': 0, 'received': 10}.items():
                self.assertEqual(row.get(key), value, (key, row))
            self.assertEqual(set(row['dropped']), {'kernel', 'interface', 'queue', 'store'})

    def test_a_conversation_is_one_flow(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START))
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            flow, = jsonl('query', 'flows', '--database', f'{d}/a.db')
            want = {'type': 'flow', 'src': '10.0.0.1', 'sport': 40000, 'dst': '10.0.0.2', 'dport': 80, 'proto': 'tcp', 'packets': 8,
                    'state': 'SF', 'app_proto': 'http', 'http_host': 'www.example', 'first_seen': '2023-11-14T22:13:20.000000000Z',
                    'last_seen': '2023-11-14T22:13:20.007000000Z'}
            self.assertEqual({k: flow.get(k) for k in want}, want)
            self.assertNotIn('sni', flow)

    def test_a_reused_pair_of_ports_is_a_new_flow(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START) + conversation(START + 5_000_000, x=7000, y=9000))
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            self.assertEqual([f['packets'] for f in jsonl('query', 'flows', '--database', f'{d}/a.db')], [8, 8])
            self.assertEqual(jsonl('query', 'sessions', '--database', f'{d}/a.db')[0]['tcp_flows'], 1)

    def test_files_do_not_touch_each_other(self):
        with folder() as d:
            both = conversation(START)
            write_pcap(f'{d}/a.pcap', both[:4])
            write_pcap(f'{d}/b.pcap', both[4:])
            run('import', f'{d}/a.pcap', f'{d}/b.pcap', '--database', f'{d}/a.db')
            flows = jsonl('query', 'flows', '--database', f'{d}/a.db')
            self.assertEqual(sorted((os.path.basename(f['file']), f['packets']) for f in flows), [('a.pcap', 4), ('b.pcap', 4)])

    def test_compressed_and_standard_input(self):
        with folder() as d:
            packets_of(f'{d}/a.pcap')
            with open(f'{d}/a.pcap', 'rb') as f, gzip.open(f'{d}/a.pcap.gz', 'wb') as g:
                g.write(f.read())
            names = [f'{d}/a.pcap', f'{d}/a.pcap.gz']
            if subprocess.run(['zstd', '-q', f'{d}/a.pcap', '-o', f'{d}/a.pcap.zst'], check=False).returncode == 0:
                names.append(f'{d}/a.pcap.zst')
            run('import', *names, '--database', f'{d}/a.db')
            with open(f'{d}/a.pcap', 'rb') as f:
                run('import', '-', '--database', f'{d}/a.db', stdin=f)
            rows = jsonl('query', 'sessions', '--database', f'{d}/a.db')
            self.assertEqual([r['file'] for r in rows], ['-', *reversed(names)])
            self.assertEqual({r['packets'] for r in rows}, {10})

    def test_the_same_answer_every_time(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', [p for i in range(30) for p in conversation(START + i * 700, f'10.0.1.{i}', 4000 + i)])
            answers = []
            for n in '12':
                run('import', f'{d}/a.pcap', '--database', f'{d}/{n}.db')
                answers.append([jsonl('query', noun, '--database', f'{d}/{n}.db') for noun in ('flows', 'transactions', 'names')])
            self.assertEqual(answers[0], answers[1])

    def test_damage_keeps_what_came_before(self):
        with folder() as d:
            packets_of(f'{d}/a.pcap')
            with open(f'{d}/a.pcap', 'rb') as f:
                raw = f.read()
            one = (len(raw) - 24) // 10
            with open(f'{d}/cut.pcap', 'wb') as f:
                f.write(raw[:24 + 6 * one + 20])
            with open(f'{d}/lies.pcap', 'wb') as f:
                f.write(raw[:24 + 3 * one] + struct.pack('<IIII', 1, 0, 0xfffffff0, 0xfffffff0) + raw[24:])
            with open(f'{d}/empty.pcap', 'wb'):
                pass
            done = run('import', f'{d}/cut.pcap', f'{d}/lies.pcap', f'{d}/empty.pcap', f'{d}/a.pcap', '--database', f'{d}/a.db', code=6)
            for name in ('cut.pcap', 'lies.pcap', 'empty.pcap'):
                self.assertIn(name, done.stderr)
            self.assertIn(str(24 + 6 * one), done.stderr.replace(',', ''))
            n = {os.path.basename(r['file']): r['packets'] for r in jsonl('query', 'sessions', '--database', f'{d}/a.db')}
            self.assertEqual((n['cut.pcap'], n['lies.pcap'], n['a.pcap']), (6, 3, 10))
            states = {os.path.basename(r['file']): r['state'] for r in jsonl('query', 'sessions', '--database', f'{d}/a.db')}
            self.assertEqual((states['cut.pcap'], states['a.pcap']), ('damaged', 'complete'))

    def test_an_unknown_link_type_is_kept(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', [(START, b'\1\2\3\4')], link_type=147)
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            self.assertEqual(len(jsonl('query', '--database', f'{d}/a.db')), 1)
            self.assertEqual(jsonl('query', 'sessions', '--database', f'{d}/a.db')[0]['linktype'], '147')

    def test_json(self):
        with folder() as d:
            packets_of(f'{d}/a.pcap')
            answer = json.loads(run('import', f'{d}/a.pcap', f'{d}/a.pcap', '--database', f'{d}/a.db', '--json').stdout)
            self.assertEqual([s['packets'] for s in answer['sessions']], [10, 10])

    def test_counts_are_those_of_capinfos(self):
        need_corpus()
        need_tool('capinfos')
        with folder() as d:
            names = []
            for where, _, files in sorted(os.walk(f'{support.DEV}/pcaps/ntop_nDPI')):
                names += [os.path.join(where, f) for f in sorted(files)][:12]
            run('import', *names, '--database', f'{d}/a.db', code=(0, 6))
            got = {r['file']: r['packets'] for r in jsonl('query', 'sessions', '--database', f'{d}/a.db')}
            for name in names:
                out = subprocess.run(['capinfos', '-Mrc', name], capture_output=True, text=True, check=False).stdout.splitlines()
                if out:
                    self.assertEqual(got.get(name), int(out[-1].split()[-1]), name)


if __name__ == '__main__':
    support.main()
