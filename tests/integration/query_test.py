#!/usr/bin/env python3
"""Questions and answers: filters, order, limits, times, and the formats of rows."""
import csv
import json
import random
import re
import unittest

import support
from support import dns_query, folder, jsonl, need_corpus, need_tool, run, tshark, udp, write_pcap
from import_test import START, conversation

NOUNS = ['packets', 'flows', 'handshakes', 'certificates', 'transactions', 'names', 'sessions', 'stats']


class Query(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.area = folder()
        d = cls.area.__enter__()
        cls.addClassCleanup(cls.area.__exit__, None, None, None)
        cls.db = f'{d}/a.db'
        first = [(START + i * 1000, udp('10.0.0.1', 1000 + i % 3, '10.0.0.2', 53, dns_query(f'n{i}.example'))) for i in range(150)]
        write_pcap(f'{d}/a.pcap', first + conversation(START + 1_000_000))
        write_pcap(f'{d}/b.pcap', conversation(START + 60_000_000, '10.9.9.9'))
        run('import', f'{d}/a.pcap', f'{d}/b.pcap', '--database', cls.db)

    def ask(self, *words):
        return jsonl('query', *words, '--database', self.db)

    def test_every_noun_in_every_row_format(self):
        for noun in NOUNS:
            rows = self.ask(noun)
            self.assertEqual(len(json.loads(run('query', noun, '--database', self.db, '--format', 'json').stdout)), len(rows), noun)
            lines = list(csv.reader(run('query', noun, '--database', self.db, '--format', 'csv').stdout.splitlines()))
            self.assertEqual(len(lines), len(rows) + 1, noun)
            self.assertEqual({len(line) for line in lines}, {len(lines[0])}, noun)
            self.assertGreaterEqual(len(run('query', noun, '--database', self.db).stdout.splitlines()), min(len(rows), 100) + 1, noun)

    def test_newest_session_first_then_capture_order(self):
        order = [(p['session'], p['number']) for p in self.ask('packets')]
        self.assertEqual(order, [(2, n) for n in range(1, 9)] + [(1, n) for n in range(1, 159)])

    def test_limit_and_the_note_about_it(self):
        done = run('query', '--database', self.db)
        self.assertEqual(len(done.stdout.splitlines()), 101)
        self.assertIn('100', done.stderr)
        self.assertEqual(len(self.ask('packets', '--limit', '7')), 7)
        self.assertEqual(run('query', '--database', self.db, '--limit', '7').stderr, '')
        self.assertEqual(self.ask('packets', '--limit', '0'), [])

    def test_order(self):
        lengths = [p['length'] for p in self.ask('packets', '--order', 'frame.len:desc', '--limit', '20')]
        every = sorted((p['length'] for p in self.ask('packets')), reverse=True)
        self.assertEqual(lengths, every[:20])
        flows = [f['bytes'] for f in self.ask('flows', '--order', 'bytes')]
        self.assertEqual(flows, sorted(flows))

    def test_filters_agree_between_packets_and_flows(self):
        packets = self.ask('packets')
        for text in ('tcp', 'udp', 'dns.qry.name == "n7.example"', 'ip.addr == 10.9.9.9', 'tcp.port == 80', 'http.host contains "www"',
                     'tcp.port in {80, 443}', 'ip.src == 10.0.0.0/24', 'udp.port == 1001', 'tcp.flags.syn == 1', 'http.response.code == 200',
                     'frame.len > 90', 'tcp || dns.qry.name matches "n1[0-3]"'):
            numbers = {(p['session'], p['number']) for p in self.ask('packets', '--where', text)}
            self.assertTrue(numbers, text)
            want = {(p['session'], p['flow_id']) for p in packets if (p['session'], p['number']) in numbers}
            got = {(f['session'], f['flow_id']) for f in self.ask('flows', '--where', text)}
            self.assertEqual(got, want, text)

    def test_the_flow_of_a_packet(self):
        flow = self.ask('flows', '--where', 'tcp', '--session', '2')[0]
        for text in (f'flow.id == {flow["flow_id"]} && tcp', 'tcp.stream == 0', f'communityid == "{flow["community_id"]}"'):
            self.assertEqual(len(self.ask('packets', '--session', '2', '--where', text)), 8, text)
        self.assertEqual(len(self.ask('packets', '--where', 'flow.state == "SF"')), 16)

    def test_single_packets_by_number(self):
        for text, count in (('frame.number == 3', 2), ('frame.number >= 3 && frame.number < 6', 6), ('frame.number > 157', 1),
                            ('frame.number == 0', 0), ('frame.number < 0', 0)):
            if text.endswith('< 0'):
                run('query', '--database', self.db, '--where', text, code=(0, 2))
                continue
            self.assertEqual(len(self.ask('packets', '--where', text)), count, text)

    def test_times(self):
        self.assertEqual(len(self.ask('packets', '--from', '2023-11-14T22:13:20.010Z', '--to', '2023-11-14T22:13:20.020Z')), 10)
        self.assertEqual(len(self.ask('packets', '--from', '1700000060')), 8)
        self.assertEqual(len(self.ask('flows', '--from', '1700000060')), 1)
        self.assertEqual(self.ask('packets', '--from', '45m ago'), [])

    def test_chosen_columns(self):
        out = run('query', 'flows', '--database', self.db, '--format', 'csv', '--fields', 'dport,src', '--session', '2').stdout
        self.assertEqual(out, 'dport,src\n80,10.9.9.9\n')
        out = run('query', '--database', self.db, '--format', 'csv', '--fields', '_ws.col.Protocol,ip.addr,tcp.flags', '--session', '2', '--limit', '1').stdout
        self.assertEqual(out, '_ws.col.Protocol,ip.addr,tcp.flags\nTCP,"10.9.9.9,10.0.0.2",0x0002\n')
        row, = self.ask('packets', '--session', '2', '--limit', '1', '--fields', 'ip.addr,tcp.srcport')
        self.assertEqual((row['ip.addr'], row['tcp.srcport'], row['session']), (['10.9.9.9', '10.0.0.2'], 40000, 2))

    def test_tree_and_octets(self):
        out = run('query', '--database', self.db, '--session', '2', '--where', 'http.request', '--detail', '--show-data').stdout
        for text in ('Ethernet', 'Internet Protocol Version 4', 'tcp.dstport @', 'http.host', 'www.example'):
            self.assertIn(text, out)
        self.assertRegex(out, r'(?m)^0000  02 00 00 00 00 02')
        row, = self.ask('packets', '--session', '2', '--where', 'http.request', '--detail', '--show-data')
        ip = next(layer for layer in row['layers'] if layer['protocol'] == 'ip')
        source = next(f for f in ip['fields'] if f['name'] == 'ip.src')
        self.assertEqual((ip['offset'], ip['length'], source['value'], source['offset'], source['length']), (14, 20, '10.9.9.9', 26, 4))
        self.assertTrue(row['data'].startswith('020000000002'))

    def test_control_characters_do_not_get_out(self):
        with folder() as d:
            name = b'\x1b[31mred\x07\xe2\x80\xae\xc2\x9b1m'
            query = b'\x12\x34\x01\0\0\1\0\0\0\0\0\0' + bytes([len(name)]) + name + b'\0\0\1\0\1'
            write_pcap(f'{d}/a.pcap', [(START, udp('10.0.0.1', 1000, '10.0.0.2', 53, query))])
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            for noun in NOUNS:
                for how in ('table', 'csv', 'jsonl', 'json'):
                    out = run('query', noun, '--database', f'{d}/a.db', '--format', how).stdout
                    self.assertFalse(re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]', out), (noun, how))

    def test_filters_count_what_tshark_counts(self):
        need_corpus()
        need_tool('tshark')
        files = ['pcaps/chrissanders_packets/http_dvwa_clearlogin.pcapng', 'pcaps/ntop_nDPI/tor.pcap']
        with folder() as d:
            for name in files:
                path = f'{support.DEV}/{name}'
                run('import', path, '--database', f'{d}/{len(name)}.db')
                for text in ('tcp.flags.syn == 1', 'tcp.len > 0 && ip.ttl < 100', '!(tcp.port == 443)', 'tcp.port != 443', 'http.request',
                             'tls.handshake.type == 1', 'frame.len >= 1000', 'tcp.analysis.flags', 'ip.addr[3:1] == 1', 'tcp contains "GET"'):
                    want = [line for line in tshark('-r', path, '-T', 'fields', '-e', 'frame.number', '-Y', text) if line]
                    got = run('query', '--database', f'{d}/{len(name)}.db', '--where', text, '--format', 'csv', '--fields', 'frame.number').stdout.split()[1:]
                    self.assertEqual(got, want, (name, text))

    def test_a_packet_alone_shows_what_a_sequential_read_shows(self):
        need_corpus()
        path = f'{support.DEV}/pcaps/chrissanders_packets/http_dvwa_clearlogin.pcapng'
        with folder() as d:
            run('import', path, '--database', f'{d}/a.db')
            every = jsonl('query', '--database', f'{d}/a.db', '--detail')
            for row in random.Random(1).sample(every, min(40, len(every))):
                self.assertEqual(jsonl('query', '--database', f'{d}/a.db', '--where', f'frame.number == {row["number"]}', '--detail'), [row])


if __name__ == '__main__':
    support.main()
