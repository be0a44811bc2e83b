#!/usr/bin/env python3
"""Compares field values and layers with tshark's, packet by packet, over the captures of the corpus.

  fields_against_tshark.py [PROGRAM] [--sample N] [--seed N] [--without TEXT,..] [--malformed] [--everything]
                           [--least SHARE] [--least-field SHARE] [--least-protocol SHARE] [--least-layers SHARE] [--low N]
                           [--low-protocols N] [--worst N] [--only FIELD,..] [--differences FILE] [--jobs N] [FILE...]

Values: for every field of ours that tshark has too, on how many of the packets where either shows the field are the
values equal? A protocol's values are those of the fields whose names begin with its name (the longest that fits), its
packets those where either side shows one of them. Only packets count in which tshark names nothing but protocols that
the recorder knows; --everything counts all, except that in a packet with a protocol that the recorder does not know its
data.* fields do not count: they are how it shows what it does not know.

Layers: frame.protocols of both sides, protocol by protocol and in order, after taking out what only one side knows. The
recorder knows what `fields --protocols` lists and what it shows in any packet compared; tshark knows what
`tshark -G protocols` lists. Where one side's protocol was taken out, the other side's "data" is taken out too: that is
its word for bytes whose protocol it does not know. The figure without this last step stands beside. All packets count.

Only fields of protocols that occur in a capture are asked for, on either side: asking for thousands costs more than
dissecting.

Where segments are missing, tshark's two ways of reassembly differ: reading on behind the hole, or holding back all that
follows and putting late segments in order. The recorder does what either does better, so a capture with such segments
is compared with the one of the two that agrees more. How many of the differences lie in TCP streams with protocols
that the recorder does not know is counted apart: there tshark waits for whole messages of theirs.

Exits 1 when a share is below its --least, or more than --low fields or --low-protocols protocols are below theirs. Only
protocols with 20 or more packets count.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys

import support

# What frame.protocols names on both sides although it has no dissector of its own here.
PARTS = set('''ethertype ipv6.nxt ssl x509sat x509ce x509af x509if pkcs-1 pkcs1 pkix1explicit pkix1implicit ocsp data-text-lines media
image-gif image-jfif png json urlencoded-form xml mime_multipart text'''.split())
# Protocols that show fields of others' names.
BORROWED = {'mdns': ['dns'], 'llmnr': ['dns'], 'cldap': ['ldap'], 'ssdp': ['http'], 'gtpprime': ['gtp'], 'quic': ['tls'], 'gquic': ['tls'],
            'capwap.data': ['capwap'], 'slow': ['lacp'], 'ssl': ['tls'], 'cip': ['enip'], 'enip': ['cip'], 'vlan': ['ieee8021ad'],
            'spnego-krb5': ['spnego', 'kerberos'], 'pwethheuristic': ['pwethcw']}
HOLES = ['tcp.analysis.lost_segment', 'tcp.analysis.ack_lost_segment', 'tcp.analysis.out_of_order', 'tcp.analysis.retransmission',
         'tcp.analysis.fast_retransmission', 'tcp.analysis.spurious_retransmission']
ENOUGH_PACKETS = 20
csv.field_size_limit(1 << 27)


class Names:
    """The fields that both sides have, and which protocols have to occur so that they can."""

    def __init__(self, only):
        mine = json.loads(support.run('fields', '--json').stdout)
        self.mine = {row['name'] for row in mine if row['type'] != 'protocol'}
        self.known = {row['name'] for row in json.loads(support.run('fields', '--protocols', '--json').stdout)} | PARTS
        self.theirs, parents = set(), {}
        for line in support.tshark('-G', 'fields'):
            parts = line.split('\t')
            if parts[0] == 'P':
                self.theirs.add(parts[2])
            elif parts[0] == 'F':
                parents.setdefault(parts[2], set()).add(parts[4])
        self.theirs |= PARTS
        self.parents = {name: parents[name] for name in self.mine if name in parents and (not only or name in only)}
        # A protocol that frame.protocols never names (BER) may occur anywhere.
        self.anywhere = {p for some in self.parents.values() for p in some} - self.known | PARTS
        self.group = {name: self.longest(name) for name in self.parents}

    def longest(self, field):
        parts = field.split('.')
        heads = ('.'.join(parts[:n]) for n in range(len(parts) - 1, 0, -1))
        return next((h for h in heads if h in self.known), parts[0])

    def occurring(self, protocols):
        occur = set(protocols) | self.anywhere | {'frame'}
        occur |= {more for p in protocols for more in BORROWED.get(p, ())}
        return sorted(n for n, parents in self.parents.items() if parents & occur)


# Outputs of ours escape what changes how a terminal shows the rest; tshark escapes only what C has letters for.
CONTROLS = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')


def escaped(text):
    return CONTROLS.sub(lambda found: ''.join(f'\\x{octet:02x}' for octet in found[0].encode()), text)


def theirs(path, names, in_order='TRUE'):
    """{packet number: {field: text}} of what tshark prints. It numbers pcapng blocks that are no packets too; these are left out."""
    command = ['-r', path, '-o', f'tcp.reassemble_out_of_order:{in_order}', '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a',
               '-E', 'aggregator=\x1f', '-e', 'frame.number', '-e', 'frame.encap_type', '-e', 'frame.protocols']
    asked = ('frame.number', 'frame.encap_type', 'frame.protocols')  # a field that is asked for twice comes back once
    names = [n for n in names if n not in asked]
    out = subprocess.run(['tshark', '-n', *command, *(w for n in names for w in ('-e', n))], capture_output=True, timeout=600,
                         env={**os.environ, 'TZ': 'UTC'}).stdout
    packets = {}
    for line in out.decode('utf-8', 'replace').split('\n'):
        cells = line.split('\t')
        if len(cells) < 3 or not cells[0].isdigit() or cells[1] == '':
            continue
        packet = dict(zip(asked, cells))
        packet['frame.number'] = str(len(packets) + 1)
        packets[len(packets) + 1] = packet
        # csv of ours joins several values with commas: texts with commas in them are compared joined.
        packet.update((name, escaped(cell.replace('\x1f', ','))) for name, cell in zip(names, cells[3:]) if cell)
    return packets


class Ours:
    """A capture, imported; gone when the block ends."""

    def __init__(self, path, work):
        self.database = os.path.join(work, f'{os.getpid()}.db')
        support.run('import', path, '--database', self.database, code=(0, 6), timeout=300)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for end in ('', '-wal', '-shm', '.lock'):
            if os.path.exists(self.database + end):
                os.remove(self.database + end)
        shutil.rmtree(os.path.splitext(self.database)[0] + '.packets', ignore_errors=True)

    def packets(self, names):
        packets = collections.defaultdict(dict)
        for at in range(0, max(1, len(names)), 2000):  # one argument takes 128 KiB
            part = ['frame.protocols', *(n for n in names[at:at + 2000] if n != 'frame.protocols')]
            out = support.run('query', 'packets', '--database', self.database, '--format', 'csv', '--fields', ','.join(['frame.number', *part]),
                              timeout=600).stdout
            rows = csv.reader(out.split('\n'))
            next(rows, None)
            for row in rows:
                if row and row[0].isdigit():
                    packets[int(row[0])].update((name, cell) for name, cell in zip(part, row[1:]) if cell)
        return packets


class Tally:
    """What was compared, by field: how often shown, how often equal, how many differences lie in streams of unknown
    protocols; by protocol: in how many packets it was; the pairs of frame.protocols."""

    def __init__(self):
        self.shown, self.equal, self.unknown, self.packets, self.layers = self.counters = [collections.Counter() for _ in range(5)]
        self.examples, self.differences = {}, []

    def add(self, other):
        for mine, more in zip(self.counters, other.counters):
            mine.update(more)
        for name, example in other.examples.items():
            self.examples.setdefault(name, example)

    def share(self, name=None):
        if name is None:
            return sum(self.equal.values()) / max(1, sum(self.shown.values()))
        return self.equal[name] / self.shown[name]


def protocols(packet):
    return packet.get('frame.protocols', '').split(':')


def compare(path, want, got, names, args):
    """names: Names. One capture's Tally."""
    tally = Tally()
    unknown = {number for number, packet in want.items() if not names.known.issuperset(protocols(packet))}
    streams = {want[number]['tcp.stream'] for number in unknown if 'tcp.stream' in want[number]}
    for number, packet in want.items():
        mine = got.get(number, {})
        tally.layers[packet['frame.protocols'], mine.get('frame.protocols', '')] += 1
        if number in unknown and not args.everything:
            continue
        groups = set()
        for name in (packet.keys() | mine.keys()) & names.parents.keys():
            if number in unknown and names.group[name] == 'data':
                continue
            a, b = packet.get(name), mine.get(name)
            groups.add(names.group[name])
            tally.shown[name] += 1
            if a == b:
                tally.equal[name] += 1
                continue
            tally.unknown[name] += packet.get('tcp.stream') in streams
            tally.examples.setdefault(name, (path, number, a, b))
            if args.differences:
                tally.differences.append((os.path.basename(path), number, name, a or '', b or ''))
        tally.packets.update(groups)
    return tally


def compare_file(job):
    path, known_protocols, names, work, args = job
    try:
        with Ours(path, work) as mine:
            seen = set(known_protocols or ())
            if not seen:
                for packet in theirs(path, []).values():
                    seen.update(protocols(packet))
            for packet in mine.packets([]).values():
                seen.update(protocols(packet))
            asked = names.occurring(seen)
            got = mine.packets(asked)
        more = ['tcp.stream', *HOLES] if 'tcp' in seen else []
        asked = [*asked, *(n for n in more if n not in asked)]
        want = theirs(path, asked)
        best = compare(path, want, got, names, args)
        if best.share() < 1 and any(hole in packet for packet in want.values() for hole in HOLES):
            other = compare(path, theirs(path, asked, 'FALSE'), got, names, args)
            best = max(best, other, key=Tally.share)
        return path, best, None
    except (subprocess.TimeoutExpired, AssertionError) as e:
        return path, Tally(), str(e)[:300]


def captures(args):
    """[(path, protocols that tshark finds in it)] of the corpus."""
    support.need_corpus()
    with open(f'{support.DEV}/index.json', encoding='utf-8') as f:
        index = json.load(f)['files']
    good = sorted(n for n, f in index.items() if (args.malformed or f.get('category') != 'malformed') and f['packets'] <= 20000)
    if args.sample and args.sample < len(good):
        good = random.Random(args.seed).sample(good, args.sample)
    return [(f'{support.DEV}/{n}', list(index[n]['protocols'])) for n in good]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', nargs='?', default=support.PROGRAM)
    parser.add_argument('files', nargs='*')
    parser.add_argument('--sample', type=int, default=0, help='so many captures; 0: all')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--without', default='', help='not the captures with one of these texts in their names, comma between')
    parser.add_argument('--malformed', action='store_true', help='those too that were made to break dissectors')
    parser.add_argument('--everything', action='store_true', help='packets with unknown protocols too')
    parser.add_argument('--least', type=float, default=0, help='share of all values that has to be equal')
    parser.add_argument('--least-field', type=float, default=.98, help='the same for each field')
    parser.add_argument('--least-protocol', type=float, default=.95, help='the same for each protocol')
    parser.add_argument('--least-layers', type=float, default=0, help='share of packets whose layers have to be equal')
    parser.add_argument('--low', type=int, help='so many fields may be below; none given: any number')
    parser.add_argument('--low-protocols', type=int, help='so many protocols may be below; none given: any number')
    parser.add_argument('--worst', type=int, default=25)
    parser.add_argument('--only', help='fields, comma between')
    parser.add_argument('--differences', help='write every difference to this file: capture, packet, field, tshark, ours')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    return parser.parse_args()


def line(tally, name):
    path, number, a, b = tally.examples[name]
    clip = lambda v: None if v is None else v[:70]
    note = f', {tally.unknown[name]} in streams of unknown protocols' if tally.unknown[name] else ''
    print(f'{tally.share(name):6.3f} {tally.shown[name] - tally.equal[name]:8} of {tally.shown[name]:8}  {name}'
          f'   {os.path.basename(path)} #{number}: tshark {clip(a)} ours {clip(b)}{note}')


def report_fields(tally, least_field, worst):
    """Prints the fields by weight of their differences; the names of those that are below."""
    by_weight = sorted(tally.examples, key=lambda n: tally.equal[n] - tally.shown[n])
    low = [n for n in by_weight if tally.share(n) < least_field]
    print(f'fields below {least_field}:')
    for name in low:
        line(tally, name)
    print('others that differ most:')
    for name in [n for n in by_weight if n not in low][:worst]:
        line(tally, name)
    return low


def report_protocols(tally, names, least):
    """Prints what agrees by protocol; those with enough packets that are below."""
    shown, equal = collections.Counter(), collections.Counter()
    for name in tally.shown:
        shown[names.group[name]] += tally.shown[name]
        equal[names.group[name]] += tally.equal[name]
    low = []
    print(f'protocols, worst first (*: below {least} with {ENOUGH_PACKETS} packets or more):')
    print('   share  packets  different   of values')
    for protocol in sorted(shown, key=lambda p: equal[p] / shown[p]):
        share = equal[protocol] / shown[protocol]
        if share < least and tally.packets[protocol] >= ENOUGH_PACKETS:
            low.append(protocol)
        star = '*' if protocol in low else ' '
        print(f'{star} {share:6.4f} {tally.packets[protocol]:8} {shown[protocol] - equal[protocol]:10} {shown[protocol]:11}  {protocol}')
    return low


def report_layers(tally, names, worst):
    """Prints and returns the share of packets with equal layers."""
    mine = names.known | {p for _, b in tally.layers for p in b.split(':')}
    strict, lenient, differ = 0, 0, collections.Counter()
    for (a, b), times in tally.layers.items():
        a, b = a.split(':'), b.split(':')
        left = [p for p in a if p in mine], [p for p in b if p in names.theirs]
        strict += times * (left[0] == left[1])
        if len(left[0]) < len(a):
            left = left[0], [p for p in left[1] if p != 'data']
        if len(left[1]) < len(b):
            left = [p for p in left[0] if p != 'data'], left[1]
        lenient += times * (left[0] == left[1])
        if left[0] != left[1]:
            differ[tuple(map(':'.join, left))] += times
    total = max(1, sum(tally.layers.values()))
    print('layers that differ most:')
    for (a, b), times in differ.most_common(worst):
        print(f'{times:8}  tshark {a} ours {b}')
    print(f'layers: {lenient / total:.4f} of {total} packets agree ({strict / total:.4f} where data counts beside unknown protocols)')
    return lenient / total


def report(tally, names, args):
    """Prints all; true if it is good enough."""
    low = report_fields(tally, args.least_field, args.worst)
    layers = report_layers(tally, names, args.worst)
    low_protocols = report_protocols(tally, names, args.least_protocol)
    seen, total = len(tally.shown), sum(tally.shown.values())
    print(f'{len(low_protocols)} protocols with {ENOUGH_PACKETS} packets or more are below {args.least_protocol}')
    print(f'{seen} fields were seen, {seen - len(low)} of them agree on at least {args.least_field} of their packets')
    print(f'agreement {tally.share():.4f} ({sum(tally.equal.values())} of {total} values; of the {total - sum(tally.equal.values())} '
          f'others {sum(tally.unknown.values())} are in streams of unknown protocols)')
    return (tally.shown and tally.share() >= args.least and layers >= args.least_layers
            and (args.low is None or len(low) <= args.low)
            and (args.low_protocols is None or len(low_protocols) <= args.low_protocols))


def main():
    args = arguments()
    support.PROGRAM = os.path.abspath(args.program)
    try:
        support.need_tool('tshark')
        files = [(path, None) for path in args.files] or captures(args)
    except support.unittest.SkipTest as e:
        print(f'skipped: {e}')
        sys.exit(support.SKIPPED)
    without = [text for text in args.without.split(',') if text]
    files = [job for job in files if not any(text in job[0] for text in without)]
    names = Names(args.only.split(',') if args.only else None)
    print(f'{len(names.mine)} fields of ours, {len(names.parents)} of them compared; {len(files)} captures')
    tally = Tally()
    differences = open(args.differences, 'w', encoding='utf-8') if args.differences else None
    with support.folder() as work, concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for path, found, error in pool.map(compare_file, [(*job, names, work, args) for job in files]):
            tally.add(found)
            if differences:
                differences.writelines('\t'.join(map(str, row)) + '\n' for row in found.differences)
            if error:
                print(f'{path}: {error}')
    sys.exit(0 if report(tally, names, args) else 1)


if __name__ == '__main__':
    main()
