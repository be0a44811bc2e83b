#!/usr/bin/env python3
"""Measures imports and retrieval against other tools on the same machine, and writes docs/performance.md.

  run.py --workloads DIR [--program PATH] [--runs 5] [--work DIR] [--only ROW,..] [--no-write]

DIR holds mixed-1g.pcap, small-pkts-200m.pcap and longflows-1g.pcap. Every figure is the ratio of the medians of alternating
runs (A B A B ...) with the files in the page cache. The slow peer (tshark) runs once.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def timed(command):
    """Wall seconds and peak resident megabytes of a command and its children."""
    start = time.monotonic()
    with open(os.devnull, 'wb') as null:
        process = subprocess.Popen(command, stdout=null, stderr=null)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 6):
        raise SystemExit(f'{" ".join(command)}: exit {process.returncode}')
    scale = 1024 if sys.platform == 'darwin' else 1
    return time.monotonic() - start, usage.ru_maxrss / 1024 / scale


class Bench:
    def __init__(self, args, work):
        self.args, self.work, self.rows = args, work, []
        self.program = os.path.abspath(args.program)

    def file(self, name):
        return os.path.join(self.args.workloads, name)

    def clean(self):
        for name in os.listdir(self.work):
            path = os.path.join(self.work, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def import_command(self, name, *more):
        return [self.program, 'import', self.file(name), '--database', os.path.join(self.work, 'a.db'), *more]

    def warm(self, name):
        with open(self.file(name), 'rb') as f:
            while f.read(1 << 24):
                pass

    def ratio(self, title, name, ours, peer, must, aim, peer_runs=None):
        """Alternating runs of both commands; peers that write, write into the work folder too."""
        if self.args.only and not any(o in title for o in self.args.only.split(',')):
            return
        if shutil.which(peer[0]) is None:
            self.rows.append((title, 'not measured', f'{peer[0]} is not installed', must, aim))
            return
        self.warm(name)
        a, b, memory = [], [], 0.0
        for n in range(self.args.runs):
            self.clean()
            seconds, peak = timed(ours)
            a.append(seconds)
            memory = max(memory, peak)
            if n < (peer_runs or self.args.runs):
                self.clean()
                b.append(timed(peer)[0])
        mine, theirs = statistics.median(a), statistics.median(b)
        self.rows.append((title, f'{mine / theirs:.3f}', f'{mine:.2f} s : {theirs:.2f} s, {memory:.0f} MB', must, aim))
        print(self.rows[-1], flush=True)

    def memory(self, title, name, must, aim):
        if self.args.only and not any(o in title for o in self.args.only.split(',')):
            return
        self.clean()
        seconds, peak = timed(self.import_command(name))
        self.rows.append((title, f'{peak:.0f} MB', f'{seconds:.2f} s', must, aim))
        print(self.rows[-1], flush=True)

    def imports(self):
        out = os.path.join(self.work, 'out')
        mixed, small, long = 'mixed-1g.pcap', 'small-pkts-200m.pcap', 'longflows-1g.pcap'
        self.ratio('import mixed-1g : tcpdump -r -w', mixed, self.import_command(mixed),
                   ['tcpdump', '-r', self.file(mixed), '-w', out], '1.6', '1.0')
        self.ratio('import --no-packets mixed-1g : ndpiReader', mixed, self.import_command(mixed, '--no-packets'),
                   ['ndpiReader', '-q', '-i', self.file(mixed)], '0.6', '0.35')
        self.ratio('import small-pkts : argus -r -w', small, self.import_command(small),
                   ['argus', '-r', self.file(small), '-w', out], '0.8', '0.3')
        self.ratio('import longflows : tcpdump -r -w', long, self.import_command(long),
                   ['tcpdump', '-r', self.file(long), '-w', out], '1.3', '1.0')
        self.ratio('import mixed-1g : tshark -q -z conv,tcp', mixed, self.import_command(mixed),
                   ['tshark', '-n', '-q', '-z', 'conv,tcp', '-r', self.file(mixed)], '0.040', '0.025', peer_runs=1)
        self.memory('peak RSS, mixed-1g', mixed, '300 MB', '150 MB')
        self.memory('peak RSS, small-pkts', small, '500 MB', '300 MB')

    def retrieval(self):
        """The packets of one flow out of a large store, the process's start included and apart."""
        title = 'packets of one flow out of 10 GB'
        if self.args.only and not any(o in title for o in self.args.only.split(',')):
            return
        self.clean()
        database = os.path.join(self.work, 'a.db')
        need, copies = 11 << 30, 10
        if shutil.disk_usage(self.work).free < need:
            copies = max(1, int(shutil.disk_usage(self.work).free * .8) >> 30)
        for _ in range(copies):
            timed(self.import_command('mixed-1g.pcap'))
        ask = [self.program, 'query', '--database', database, '--session', '1', '--format', 'pcapng', '--where']
        self.warm('mixed-1g.pcap')
        total = statistics.median(timed([*ask, 'flow.id == 20000'])[0] for _ in range(self.args.runs))
        start = statistics.median(timed([self.program, 'query', 'sessions', '--database', database])[0] for _ in range(self.args.runs))
        self.rows.append((f'packets of one flow out of {copies} GB', f'{1000 * total:.0f} ms', f'{1000 * start:.0f} ms of it to start and open', '100 ms', '20 ms'))
        print(self.rows[-1], flush=True)

    def table(self):
        lines = ['| figure | measured | how | must | aim |', '|---|---|---|---|---|']
        lines += [f'| {" | ".join(str(x) for x in row)} |' for row in self.rows]
        return '\n'.join(lines)


def write(table, args):
    path = os.path.join(ROOT, 'docs', 'performance.md')
    cpus = os.cpu_count()
    text = f'''# Performance

Every figure is a ratio against another tool in the same run: medians of {args.runs} alternating runs, release build, files in the page
cache, {cpus} cores. Everything is on: dissection, reassembly, fingerprints, certificates, packets and catalog stored. Made by

```
python3 tests/bench/run.py --workloads DIR
```

{table}
'''
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--workloads', required=True)
    parser.add_argument('--program', default=os.path.join(ROOT, 'build', 'release', 'bin', 'packetrecorder'))
    parser.add_argument('--runs', type=int, default=5)
    parser.add_argument('--work', help='where databases are written; a temporary folder if not given')
    parser.add_argument('--only', help='rows whose title holds one of these words, comma between')
    parser.add_argument('--no-write', action='store_true', help='leave docs/performance.md alone')
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix='prbench.', dir=args.work)
    try:
        bench = Bench(args, work)
        bench.imports()
        bench.retrieval()
        print(bench.table())
        if not args.no_write and not args.only:
            write(bench.table(), args)
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
