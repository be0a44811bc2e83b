#!/usr/bin/env python3
"""What other tools read: pcapng, EVE, Zeek logs."""
import json
import os
import subprocess
import unittest

import support
from support import dns_query, folder, jsonl, need_corpus, need_tool, run, tshark, udp, write_pcap
from import_test import START, conversation


def described(path):
    need_tool('capinfos')
    return subprocess.run(['capinfos', '-M', path], capture_output=True, text=True, check=False)


class Export(unittest.TestCase):
    def test_times_lengths_and_order_stay(self):
        need_tool('tshark')
        with folder() as d:
            start = START * 1000
            # Nanoseconds, a packet cut short, and time going back.
            write_pcap(f'{d}/a.pcap', [(start + 7, udp('10.0.0.1', 1, '10.0.0.2', 2, b'x' * 5)), (start + 123456789, udp('10.0.0.1', 1, '10.0.0.2', 2, b'y' * 40)[:60], 300),
                                       (start + 5, udp('10.0.0.1', 1, '10.0.0.2', 2, b'z'))], nanoseconds=True)
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            run('query', '--database', f'{d}/a.db', '--format', 'pcapng', '--output', f'{d}/o.pcapng')
            what = ('-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.cap_len', '-e', 'udp.payload')
            self.assertEqual(tshark('-r', f'{d}/o.pcapng', *what), tshark('-r', f'{d}/a.pcap', *what))
            info = described(f'{d}/o.pcapng')
            self.assertEqual((info.returncode, info.stderr), (0, ''))

    def test_several_sessions_and_link_types_in_one_file(self):
        need_tool('tshark')
        with folder() as d:
            write_pcap(f'{d}/a.pcap', [(START, udp('10.0.0.1', 1, '10.0.0.2', 2, b'x'))])
            write_pcap(f'{d}/b.pcap', [(START + 10, udp('10.0.0.3', 3, '10.0.0.4', 4, b'y')[14:])], link_type=101)
            run('import', f'{d}/a.pcap', f'{d}/b.pcap', '--database', f'{d}/a.db')
            run('query', '--database', f'{d}/a.db', '--format', 'pcapng', '--output', f'{d}/o.pcapng')
            self.assertEqual(tshark('-r', f'{d}/o.pcapng', '-T', 'fields', '-e', 'ip.src'), ['10.0.0.3', '10.0.0.1'])

    def test_only_what_was_asked_for(self):
        need_tool('tshark')
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START) + [(START + 9000, udp('10.0.0.1', 1, '10.0.0.2', 2, b'x'))])
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            for words, count in ((['packets', '--where', 'http'], 2), (['flows', '--where', 'http'], 8), (['packets', '--where', 'arp'], 0)):
                run('query', *words, '--database', f'{d}/a.db', '--format', 'pcapng', '--output', f'{d}/o.pcapng')
                self.assertEqual(len(tshark('-r', f'{d}/o.pcapng')), count, words)
                self.assertEqual(described(f'{d}/o.pcapng').stderr, '')

    def test_captures_of_the_corpus(self):
        need_corpus()
        need_tool('tshark')
        what = ('-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.cap_len', '-e', 'frame.protocols', '-e', '_ws.col.Info')
        for name in ('chrissanders_packets/http_dvwa_clearlogin.pcapng', 'ntop_nDPI/tor.pcap'):
            with folder() as d:
                path = f'{support.DEV}/pcaps/{name}'
                run('import', path, '--database', f'{d}/a.db')
                run('query', '--database', f'{d}/a.db', '--format', 'pcapng', '--output', f'{d}/o.pcapng')
                self.assertEqual(tshark('-r', f'{d}/o.pcapng', *what), tshark('-r', path, *what))

    def test_eve(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START) + [(START + 9000, udp('10.0.0.1', 1000, '10.0.0.2', 53, dns_query('a.example')))])
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            rows = [json.loads(line) for line in run('query', 'flows', '--database', f'{d}/a.db', '--format', 'eve').stdout.splitlines()]
            web = next(r for r in rows if r['proto'] == 'TCP')
            want = {'event_type': 'flow', 'src_ip': '10.0.0.1', 'src_port': 40000, 'dest_ip': '10.0.0.2', 'dest_port': 80, 'app_proto': 'http'}
            self.assertEqual({k: web.get(k) for k in want}, want)
            self.assertEqual((web['flow']['pkts_toserver'], web['flow']['pkts_toclient'], web['flow']['state']), (5, 3, 'closed'))
            self.assertRegex(web['timestamp'], r'^2023-11-14T22:13:20\.\d{6}\+0000$')
            rows = [json.loads(line) for line in run('query', 'transactions', '--database', f'{d}/a.db', '--format', 'eve').stdout.splitlines()]
            self.assertEqual({r['event_type'] for r in rows}, {'http', 'dns'})
            web = next(r for r in rows if r['event_type'] == 'http')
            self.assertEqual((web['http']['hostname'], web['http']['http_method'], web['http']['status']), ('www.example', 'GET', 200))

    def test_zeek(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START))
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            lines = run('query', 'flows', '--database', f'{d}/a.db', '--format', 'zeek').stdout.splitlines()
            self.assertEqual(lines[0], '#separator \\x09')
            names = next(line for line in lines if line.startswith('#fields')).split('\t')[1:]
            types = next(line for line in lines if line.startswith('#types')).split('\t')[1:]
            self.assertEqual(len(names), len(types))
            row = dict(zip(names, next(line for line in lines if not line.startswith('#')).split('\t')))
            want = {'ts': '1700000000.000000', 'id.orig_h': '10.0.0.1', 'id.orig_p': '40000', 'id.resp_h': '10.0.0.2', 'id.resp_p': '80', 'proto': 'tcp',
                    'service': 'http', 'conn_state': 'SF', 'orig_pkts': '5', 'resp_pkts': '3', 'history': 'ShADdFf'}
            self.assertEqual({k: row.get(k) for k in want}, want)

    def test_a_reader_that_goes_away(self):
        with folder() as d:
            write_pcap(f'{d}/a.pcap', [(START + i, udp('10.0.0.1', 1000, '10.0.0.2', 2000, b'x')) for i in range(20000)])
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            with subprocess.Popen([support.PROGRAM, 'query', '--database', f'{d}/a.db', '--format', 'jsonl'], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
                json.loads(p.stdout.readline())
                p.stdout.close()
                self.assertEqual(p.stderr.read(), b'')
                self.assertEqual(p.wait(20), 0)

    def test_a_full_disk_is_told(self):
        if not os.path.exists('/dev/full'):
            self.skipTest('no /dev/full here')
        with folder() as d:
            write_pcap(f'{d}/a.pcap', conversation(START))
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            done = run('query', '--database', f'{d}/a.db', '--output', '/dev/full', code=1)
            self.assertIn('space', done.stderr)
            self.assertEqual(len(jsonl('query', '--database', f'{d}/a.db')), 8)


if __name__ == '__main__':
    support.main()
