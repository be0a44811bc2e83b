#!/usr/bin/env python3
"""Compares field values with tshark's, packet by packet, over the captures of the corpus.

  fields_against_tshark.py [PROGRAM] [--sample N] [--seed N] [--least SHARE] [--least-field SHARE] [--low N] [--worst N]
                           [--only FIELD,..] [--show FIELD] [--jobs N] [FILE...]

For every field of ours that tshark has too: on how many of the packets where either shows the field are the values equal?
Only packets count whose frame.protocols names nothing but the protocols of LISTED. Prints each field below --least-field
with an example, the fields that differ most, and the agreement over all.

Where segments are missing, tshark's two ways of reassembly differ: reading on behind the hole, or holding back all that
follows and putting late segments in order. The recorder does what either does better, so a capture is compared with
the one of the two that agrees more. How many of the differences lie in TCP streams that tshark gives to protocols which
are not listed is counted apart: there it waits for whole messages of theirs.

Exits 1 when the agreement over all is below --least, or more than --low fields are below --least-field.
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

# The protocols whose dissection is promised, as frame.protocols names them and what belongs to them.
LISTED = set('''frame eth ethertype vlan ieee8021ad arp ip ipv6 icmp icmpv6 igmp tcp udp sctp dns http tls ssl ssh raw null loop sll ppp
chdlc data ipv6.fraghdr ipv6.hopopts ipv6.dstopts ipv6.routing ipv6.nxt x509sat x509ce x509af pkcs1 pkix1implicit ospf stp
pim eigrp vrrp hsrp rip ripng bgp lldp cdp osi isis isis.hello isis.lsp isis.csnp isis.psnp bfd udld dtp msdp ldp vtp lacp
pkix1explicit x509if data-text-lines media image-gif image-jfif png json urlencoded-form xml mime_multipart text ocsp mdns
llmnr ntp dhcp kerberos nbss smb smb2 gss-api spnego spnego-krb5 ntlmssp dcerpc ldap cldap tpkt cotp rdp s7comm ses pres acse
mms nbns nbdgm snmp stun syslog ssdp radius dhcpv6 rpc mbtcp modbus mqtt dnp3 sip sdp rtp rtcp mysql pgsql resp enip cip ams
bt-dht smtp imf pop imap ftp ftp-data irc telnet tftp socks xmpp websocket http2 grpc gre erspan vxlan geneve teredo gtp
gtpprime gtpv2 mpls pwethheuristic pwethcw pppoes pppoed l2tp lcp ipcp slarp fr radiotap ppi wlan_radio wlan capwap.data
iec60870_104 iec60870_asdu elasticsearch doip quic dtls gquic wg esp udpencap isakmp openvpn'''.split())
csv.field_size_limit(1 << 27)


def our_fields():
    rows = json.loads(support.run('fields', '--json').stdout)
    rows = rows if isinstance(rows, list) else next(iter(rows.values()))
    return {row['name']: row for row in rows}


# Outputs of ours escape what changes how a terminal shows the rest; tshark escapes only what C has letters for.
CONTROLS = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')


def escaped(text):
    return CONTROLS.sub(lambda found: ''.join(f'\\x{octet:02x}' for octet in found[0].encode()), text)


def their_fields():
    names = set()
    for line in support.tshark('-G', 'fields'):
        parts = line.split('\t')
        if parts[0] == 'F':
            names.add(parts[2])
    return names


def theirs(path, names, in_order):
    """{frame number: {field: text}} of what tshark prints."""
    command = ['-r', path, '-o', f'tcp.reassemble_out_of_order:{in_order}', '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a',
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
        packet = packets[int(cells[0])] = dict(zip(asked, cells))
        # csv of ours joins several values with commas: texts with commas in them are compared joined.
        packet.update((name, escaped(cell.replace('\x1f', ','))) for name, cell in zip(names, cells[2:]) if cell)
    return packets


def ours(path, names, work):
    database = os.path.join(work, f'{os.getpid()}.db')
    support.run('import', path, '--database', database, code=(0, 6), timeout=300)
    packets = collections.defaultdict(dict)
    for at in range(0, len(names), 2000):  # one argument takes 128 KiB
        part = names[at:at + 2000]
        out = support.run('query', 'packets', '--database', database, '--format', 'csv', '--fields', ','.join(['frame.number', *part]),
                          timeout=600).stdout
        rows = csv.reader(out.split('\n'))
        next(rows, None)
        for row in rows:
            if row and row[0].isdigit():
                packets[int(row[0])].update((name, cell) for name, cell in zip(part, row[1:]) if cell)
    for end in ('', '-wal', '-shm', '.lock'):
        if os.path.exists(database + end):
            os.remove(database + end)
    shutil.rmtree(os.path.splitext(database)[0] + '.packets', ignore_errors=True)
    return packets


class Tally:
    """What was compared, by field: how often shown, how often equal, how many differences lie in unlisted streams."""

    def __init__(self):
        self.shown, self.equal, self.unlisted = (collections.Counter() for _ in range(3))
        self.examples = {}

    def add(self, other):
        for mine, more in zip((self.shown, self.equal, self.unlisted), (other.shown, other.equal, other.unlisted)):
            mine.update(more)
        for name, example in other.examples.items():
            self.examples.setdefault(name, example)

    def share(self, name=None):
        if name is None:
            return sum(self.equal.values()) / max(1, sum(self.shown.values()))
        return self.equal[name] / self.shown[name]


def protocols(packet):
    return set(packet['frame.protocols'].split(':'))


def compare(path, want, got, names, show):
    tally = Tally()
    unlisted = {packet['tcp.stream'] for packet in want.values() if 'tcp.stream' in packet and protocols(packet) - LISTED}
    for number, packet in want.items():
        if protocols(packet) - LISTED:
            continue
        mine = got.get(number, {})
        for name in names:
            a, b = packet.get(name), mine.get(name)
            if a is None and b is None:
                continue
            tally.shown[name] += 1
            if a == b:
                tally.equal[name] += 1
                continue
            tally.unlisted[name] += packet.get('tcp.stream') in unlisted
            tally.examples.setdefault(name, (path, number, a, b))
            if name == show:
                print(f'{os.path.basename(path)} #{number} tshark {a} ours {b}')
    return tally


def compare_file(job):
    path, names, work, show = job
    names = names if 'tcp.stream' in names else [*names, 'tcp.stream']
    try:
        got, best = ours(path, names, work), None
        for in_order in ('TRUE', 'FALSE'):
            tally = compare(path, theirs(path, names, in_order), got, names, show)
            if best is None or tally.share() > best.share():
                best = tally
            if best.share() == 1:
                break
        return path, best, None
    except (subprocess.TimeoutExpired, AssertionError) as e:
        return path, Tally(), str(e)[:300]


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
    parser.add_argument('--least', type=float, default=0, help='share of all values that has to be equal')
    parser.add_argument('--least-field', type=float, default=.98, help='the same for each field')
    parser.add_argument('--low', type=int, help='so many fields may be below; none given: any number')
    parser.add_argument('--worst', type=int, default=25)
    parser.add_argument('--only', help='fields, comma between')
    parser.add_argument('--show', help='print every difference of this field')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    return parser.parse_args()


def line(tally, name):
    path, number, a, b = tally.examples[name]
    clip = lambda v: None if v is None else v[:70]
    note = f', {tally.unlisted[name]} in streams of unlisted protocols' if tally.unlisted[name] else ''
    print(f'{tally.share(name):6.3f} {tally.shown[name] - tally.equal[name]:8} of {tally.shown[name]:8}  {name}'
          f'   {os.path.basename(path)} #{number}: tshark {clip(a)} ours {clip(b)}{note}')


def report(tally, least_field, worst):
    """Prints the fields by weight of their differences; the names of those that are below."""
    by_weight = sorted(tally.examples, key=lambda n: tally.equal[n] - tally.shown[n])
    low = [n for n in by_weight if tally.share(n) < least_field]
    print(f'fields below {least_field}:')
    for name in low:
        line(tally, name)
    print('others that differ most:')
    for name in [n for n in by_weight if n not in low][:worst]:
        line(tally, name)
    seen, total = len(tally.shown), sum(tally.shown.values())
    print(f'{seen} fields were seen, {seen - len(low)} of them agree on at least {least_field} of their packets')
    print(f'agreement {tally.share():.4f} ({sum(tally.equal.values())} of {total} values; of the {total - sum(tally.equal.values())} '
          f'others {sum(tally.unlisted.values())} are in streams of unlisted protocols)')
    return low


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
    tally = Tally()
    with support.folder() as work, concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for path, found, error in pool.map(compare_file, [(f, names, work, args.show) for f in files]):
            tally.add(found)
            if error:
                print(f'{path}: {error}')
    low = report(tally, args.least_field, args.worst)
    enough = tally.shown and tally.share() >= args.least and (args.low is None or len(low) <= args.low)
    sys.exit(0 if enough else 1)


if __name__ == '__main__':
    main()
