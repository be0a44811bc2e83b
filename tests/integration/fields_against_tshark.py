#!/usr/bin/env python3
"""Compares field values with tshark's, packet by packet, over the captures of the corpus.

  fields_against_tshark.py [PROGRAM] [--sample N] [--seed N] [--least SHARE] [--worst N] [--only FIELD,..] [--show FIELD] [FILE...]

For every field of ours that tshark has too: on how many of the packets where either shows the field are the values equal?
Only packets count whose frame.protocols names nothing but the protocols of LISTED. Prints the agreement over all, and the
fields that differ most with an example each. Exits 1 below --least.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import os
import random
import shutil
import subprocess
import sys

import support

# The protocols whose dissection is promised, as frame.protocols names them and what belongs to them.
LISTED = set('''frame eth ethertype vlan ieee8021ad arp ip ipv6 icmp icmpv6 igmp tcp udp sctp dns http tls ssl ssh raw null loop sll
ppp chdlc data ipv6.fraghdr ipv6.hopopts ipv6.dstopts ipv6.routing ipv6.nxt x509sat x509ce x509af pkcs1 pkix1implicit
pkix1explicit x509if data-text-lines media image-gif image-jfif png json urlencoded-form xml mime_multipart text
ocsp
mdns llmnr ntp dhcp'''.split())
csv.field_size_limit(1 << 27)


def our_fields():
    rows = json.loads(support.run('fields', '--json').stdout)
    rows = rows if isinstance(rows, list) else next(iter(rows.values()))
    return {row['name']: row for row in rows}


def their_fields():
    names = set()
    for line in support.tshark('-G', 'fields'):
        parts = line.split('\t')
        if parts[0] == 'F':
            names.add(parts[2])
    return names


def theirs(path, names):
    """{frame number: {field: text}} of what tshark prints."""
    command = ['-r', path, '-o', 'tcp.reassemble_out_of_order:TRUE', '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a',
               '-E', 'aggregator=\x1f', '-e', 'frame.number', '-e', 'frame.protocols']
    asked = ('frame.number', 'frame.protocols')  # a field that is asked for twice comes back once
    names = [n for n in names if n not in asked]
    out = subprocess.run(['tshark', '-n', *command, *(w for n in names for w in ('-e', n))], capture_output=True, timeout=600,
                         env={**os.environ, 'TZ': 'UTC'}).stdout
    packets = {}
    for line in out.decode('utf-8', 'replace').split('\n'):
        cells = line.split('\t')
        if len(cells) < 2 or not cells[0].isdigit():
            continue
        packet = packets[int(cells[0])] = {n: (c,) for n, c in zip(asked, cells)}
        packet.update((name, tuple(cell.split('\x1f'))) for name, cell in zip(names, cells[2:]) if cell)
    return packets


def ours(path, names, work):
    database = os.path.join(work, f'{os.getpid()}.db')
    support.run('import', path, '--database', database, code=(0, 6), timeout=300)
    packets = {}
    out = support.run('query', 'packets', '--database', database, '--format', 'csv', '--fields', ','.join(['frame.number', *names]),
                      timeout=600).stdout
    # csv joins several values with commas, as tshark does: texts with commas in them are compared joined.
    rows = csv.reader(out.split('\n'))
    next(rows, None)
    for row in rows:
        if row and row[0].isdigit():
            packets[int(row[0])] = {name: cell for name, cell in zip(names, row[1:]) if cell}
    for end in ('', '-wal', '-shm', '.lock'):
        if os.path.exists(database + end):
            os.remove(database + end)
    shutil.rmtree(os.path.splitext(database)[0] + '.packets', ignore_errors=True)
    return packets


def compare_file(job):
    path, names, work, show = job
    equal, shown, examples = collections.Counter(), collections.Counter(), {}
    try:
        want, got = theirs(path, names), ours(path, names, work)
    except (subprocess.TimeoutExpired, AssertionError) as e:
        return path, equal, shown, examples, str(e)[:300]
    for number, packet in want.items():
        if set(packet['frame.protocols'][0].split(':')) - LISTED:
            continue
        mine = got.get(number, {})
        for name in names:
            a, b = packet.get(name), mine.get(name)
            if a is None and b is None:
                continue
            shown[name] += 1
            if a is not None and b is not None and ','.join(a) == b:
                equal[name] += 1
            else:
                if name not in examples:
                    examples[name] = (number, a, b)
                if name == show:
                    print(f'{os.path.basename(path)} #{number} tshark {a} ours {b}')
    return path, equal, shown, examples, None


def captures(sample, seed):
    support.need_corpus()
    with open(f'{support.DEV}/index.json', encoding='utf-8') as f:
        index = json.load(f)['files']
    good = sorted(n for n, f in index.items() if f.get('category') != 'malformed' and f['packets'] <= 20000)
    if sample and sample < len(good):
        good = random.Random(seed).sample(good, sample)
    return [f'{support.DEV}/{n}' for n in good]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', nargs='?', default=support.PROGRAM)
    parser.add_argument('files', nargs='*')
    parser.add_argument('--sample', type=int, default=0, help='so many captures; 0: all')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--least', type=float, default=0)
    parser.add_argument('--worst', type=int, default=25)
    parser.add_argument('--only', help='fields, comma between')
    parser.add_argument('--show', help='print every difference of this field')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    return parser.parse_args()


def report(equal, shown, examples, worst):
    for name in sorted(shown, key=lambda n: equal[n] - shown[n])[:worst]:
        if equal[name] == shown[name]:
            break
        path, number, a, b = examples[name]
        clip = lambda v: None if v is None else str(v)[:70]
        print(f'{equal[name] / shown[name]:6.3f} {shown[name] - equal[name]:8} of {shown[name]:8}  {name}'
              f'   {os.path.basename(path)} #{number}: tshark {clip(a)} ours {clip(b)}')
    total, right = sum(shown.values()), sum(equal.values())
    low = [n for n in shown if equal[n] < .98 * shown[n]]
    print(f'{len(shown)} fields were seen, {len(shown) - len(low)} of them agree on at least 0.98 of their packets')
    print(f'agreement {right / max(1, total):.4f} ({right} of {total} values)')
    return right / max(1, total)


def main():
    args = arguments()
    support.PROGRAM = os.path.abspath(args.program)
    try:
        support.need_tool('tshark')
        files = args.files or captures(args.sample, args.seed)
    except support.unittest.SkipTest as e:
        print(f'skipped: {e}')
        sys.exit(support.SKIPPED)
    mine, other = our_fields(), their_fields()
    names = sorted(args.only.split(',') if args.only else (n for n, f in mine.items() if n in other and f['type'] != 'protocol'))
    print(f'{len(mine)} fields of ours, {len(names)} of them tshark has too; {len(files)} captures')
    equal, shown, examples = collections.Counter(), collections.Counter(), {}
    with support.folder() as work, concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for path, e, s, x, error in pool.map(compare_file, [(f, names, work, args.show) for f in files]):
            equal.update(e)
            shown.update(s)
            for name, found in x.items():
                examples.setdefault(name, (path, *found))
            if error:
                print(f'{path}: {error}')
    share = report(equal, shown, examples, args.worst)
    sys.exit(0 if share >= args.least and shown else 1)


if __name__ == '__main__':
    main()
