#!/usr/bin/env python3
"""All captures of the corpus, imported in one go and scored against what independent tools found in them."""
import json
import os
import subprocess
import sys
import unittest

import support
from support import folder, need_corpus, run

# The least share of right answers: of files, of flows, and of TCP flows for what is exact by definition.
FILES = {'packets': .99, 'bytes': .99, 'linktype': .99, 'tcp_flows': .97, 'udp_flows': .96, 'dns_queries': .98, 'dns_responses': .98}
FLOWS = {'packets': .97, 'bytes': .97}
RECALL = {'sni': .93, 'ja3': .93, 'ja4': .93, 'hassh': .97, 'community_id': .99, 'cert_sha256': .93}
PRECISION = {'sni': .99, 'ja3': .99, 'ja4': .99, 'hassh': .99, 'community_id': .99, 'cert_sha256': .99}


def score(product, work, *more):
    out = os.path.join(work, 'score.json')
    done = subprocess.run([sys.executable, '-B', f'{support.CORPUS}/compare.py', support.DEV, product, '--json', out, '--misses', '3', *more],
                          capture_output=True, text=True, check=True)
    print(done.stdout)
    with open(out, encoding='utf-8') as f:
        return json.load(f)


class Corpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need_corpus()
        cls.area = folder()
        d = cls.area.__enter__()
        cls.addClassCleanup(cls.area.__exit__, None, None, None)
        cls.work, cls.product = d, f'{d}/out.jsonl'
        names = sorted(os.path.join(where, f) for where, _, files in os.walk(f'{support.DEV}/pcaps') for f in files)
        cls.names = names
        # A command line takes no more than some 100 kB everywhere.
        for start in range(0, len(names), 500):
            run('import', *names[start:start + 500], '--database', f'{d}/a.db', code=(0, 6), timeout=800)
        with open(cls.product, 'w', encoding='utf-8') as f:
            for noun in ('flows', 'sessions'):
                f.write(run('query', noun, '--database', f'{d}/a.db', '--format', 'jsonl', timeout=600).stdout)

    def short_of(self, bounds, of, value):
        return [f'{k}: {value(of[k]):.4f}, at least {least} wanted' for k, least in bounds.items() if value(of[k]) < least]

    def test_files(self):
        rows = score(self.product, self.work)['file']
        self.assertEqual(self.short_of(FILES, rows, lambda v: v[1] / max(1, v[0])), [])

    def test_flows(self):
        rows = score(self.product, self.work)['flow']
        self.assertEqual(self.short_of(FLOWS, rows, lambda v: v[1] / max(1, v[0])), [])

    def test_identities_of_tcp_flows(self):
        rows = score(self.product, self.work, '--proto', 'tcp')['flow']
        self.assertEqual(self.short_of(RECALL, rows, lambda v: v[1] / max(1, v[0])), [])
        self.assertEqual(self.short_of(PRECISION, rows, lambda v: v[1] / max(1, v[2])), [])


if __name__ == '__main__':
    support.main()
