#!/usr/bin/env python3
"""The command line as people and scripts meet it: help, exit codes, words on stderr."""
import os
import subprocess
import unittest

import support
from support import folder, jsonl, run, udp, write_pcap

COMMANDS = ['list-interfaces', 'capture', 'import', 'sessions', 'query', 'fields', 'doctor']


def small(path, packets=3):
    write_pcap(path, [(1_700_000_000_000_000 + i, udp('10.0.0.1', 1000 + i, '10.0.0.2', 2000, b'x')) for i in range(packets)])


class CommandLine(unittest.TestCase):
    def test_help_has_examples(self):
        for words in [[], *([c] for c in COMMANDS), *(['session', c] for c in ('rename', 'pin', 'delete'))]:
            out = run(*words, '--help').stdout
            self.assertIn('Examples:', out, words)
            self.assertIn('packetrecorder', out, words)

    def test_help_as_a_command(self):
        self.assertEqual(run('help', 'query').stdout, run('query', '--help').stdout)

    def test_the_page_of_protocols_is_what_the_registry_says(self):
        with open(os.path.join(support.ROOT, 'docs', 'protocols.md'), encoding='utf-8') as f:
            self.assertEqual(run('fields', '--protocols', '--markdown').stdout, f.read(), 'make the page again')

    def test_version(self):
        self.assertRegex(run('--version').stdout, r'^packetrecorder \d+\.\d+')

    def test_without_a_command(self):
        done = run(code=2)
        self.assertIn('capture', done.stderr)

    def test_a_slip_is_answered_with_the_likely_word(self):
        self.assertIn('did you mean capture?', run('captrue', code=2).stderr)
        self.assertIn('--where', run('query', '--database', 'x', '--wher', 'tcp', code=2).stderr)

    def test_verbose_before_and_after(self):
        for words in (['-v', 'fields'], ['fields', '-v'], ['--verbose', 'fields', '--verbose']):
            run(*words)

    def test_log_level_from_the_environment(self):
        run('fields', env={'PACKETRECORDER_LOG': 'debug'})
        self.assertIn('PACKETRECORDER_LOG', run('fields', env={'PACKETRECORDER_LOG': 'loud'}).stderr)

    def test_no_database_is_not_found(self):
        with folder() as d:
            for words in (['sessions'], ['query'], ['query', 'flows'], ['session', 'pin', '1']):
                done = run(*words, '--database', f'{d}/none.db', code=5)
                self.assertIn('none.db', done.stderr)
            self.assertEqual(os.listdir(d), [])

    def test_what_is_no_database(self):
        with folder() as d:
            with open(f'{d}/a.db', 'w', encoding='utf-8') as f:
                f.write('nothing of the kind\n' * 100)
            done = run('sessions', '--database', f'{d}/a.db', code=None)
            self.assertNotIn(done.returncode, (0, -6, -11))
            self.assertIn('a.db', done.stderr)

    def test_missing_file(self):
        with folder() as d:
            done = run('import', f'{d}/none.pcap', '--database', f'{d}/a.db', code=5)
            self.assertIn('none.pcap', done.stderr)

    def test_bad_values_are_usage(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            db = ('--database', f'{d}/a.db')
            for words in (['query', 'flowers', *db], ['query', *db, '--format', 'xml'], ['query', *db, '--limit', '-3'],
                          ['query', *db, '--from', 'someday'], ['query', *db, '--where', 'tcp.port =='],
                          ['query', *db, '--fields', 'ip.sorce'], ['query', 'flows', *db, '--fields', 'sourc'],
                          ['query', 'flows', *db, '--detail'], ['query', 'names', *db, '--format', 'pcapng'],
                          ['query', *db, '--format', 'eve'], ['query', *db, '--order', 'frame.len:up'],
                          ['query', *db, '--from', '2023-11-15', '--to', '2023-11-14']):
                run(*words, code=2)
            self.assertIn('ip.src', run('query', *db, '--fields', 'ip.scr', code=2).stderr)
            run('query', *db, '--session', '99', code=5)

    def test_a_filter_error_shows_the_place(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            lines = run('query', '--database', f'{d}/a.db', '--where', 'udp && tcp.prot == 1', code=2).stderr.splitlines()
            at = next(i for i, line in enumerate(lines) if 'tcp.prot' in line and '&&' in line)
            self.assertEqual(lines[at + 1].index('^'), lines[at].index('tcp.prot'))

    def test_a_wrong_question_leaves_the_output_alone(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db')
            with open(f'{d}/out', 'w', encoding='utf-8') as f:
                f.write('precious')
            run('query', '--database', f'{d}/a.db', '--where', 'tcp &&', '--output', f'{d}/out', code=2)
            with open(f'{d}/out', encoding='utf-8') as f:
                self.assertEqual(f.read(), 'precious')
            run('query', '--database', f'{d}/a.db', '--output', f'{d}/a.db', code=7)
            self.assertEqual(len(jsonl('query', '--database', f'{d}/a.db')), 3)

    def test_sessions_are_renamed_pinned_and_deleted(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            db = ('--database', f'{d}/a.db')
            run('import', f'{d}/a.pcap', *db, '--name', 'first')
            run('session', 'rename', '1', 'the first one', *db)
            self.assertIn('the first one', run('sessions', *db, '--json').stdout)
            run('session', 'pin', '1', *db)
            run('session', 'delete', '7', *db, '--yes', code=5)
            # Nobody is there to be asked.
            run('session', 'delete', '1', *db, code=7, stdin=subprocess.DEVNULL)
            run('session', 'delete', '1', *db, '--yes')
            self.assertEqual(jsonl('query', 'sessions', *db), [])
            self.assertEqual(jsonl('query', *db), [])

    def test_short_forms_of_tcpdump(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            run('import', '-r', f'{d}/a.pcap', '-w', f'{d}/a.db')
            self.assertEqual(len(jsonl('query', '-n', '-r', f'{d}/a.db', '-c', '2')), 2)
            run('query', '-r', f'{d}/a.db', '-w', f'{d}/out.txt')
            self.assertGreater(os.path.getsize(f'{d}/out.txt'), 10)

    def test_packets_that_were_not_kept(self):
        with folder() as d:
            small(f'{d}/a.pcap')
            run('import', f'{d}/a.pcap', '--database', f'{d}/a.db', '--no-packets')
            done = run('query', '--database', f'{d}/a.db', '--format', 'jsonl')
            self.assertEqual(done.stdout, '')
            self.assertIn('--no-packets', done.stderr)
            self.assertEqual(jsonl('query', 'sessions', '--database', f'{d}/a.db')[0]['packets'], 3)


if __name__ == '__main__':
    support.main()
