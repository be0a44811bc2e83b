#!/usr/bin/env python3
"""The rules of the source tree that a compiler does not know. One check a subcommand; prints every violation.

  lint.py [includes | files | format | scripts]     none: all of them
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Layer of each module: a module includes only itself and lower layers, never a neighbour.
LAYERS = {
    'shared/base': 0,
    'shared/model': 1,
    'shared/filter': 2, 'shared/wire': 2,
    'helper/capture': 3, 'helper/dissect': 3, 'helper/flow': 3, 'helper/identity': 3, 'helper/ml': 3, 'helper/store': 3,
    'helper/publish': 3, 'helper/config': 3, 'helper/platform': 3, 'shared/client': 3,
    'helper/analysis': 4, 'helper/detect': 4, 'helper/replay': 4,
    'helper/pipeline': 5, 'helper/view': 5,
    'helper/control': 6,
    'helper/http': 7,
    'helper/cli': 8, 'helper': 9,  # main.cpp
}

# Third-party headers, and the modules that wrap them. Abseil's value types (status, hash, strings) are everywhere.
WRAPPED = [
    (r'pcap(/|\.h)|pcap-', {'helper/capture'}),
    (r'Qt|Q[A-Z]', {'helper/store'}),
    (r'sqlite3', {'helper/store'}),
    (r'openssl/', {'shared/base', 'helper/identity'}),
    (r'zstd|zlib', {'helper/capture', 'helper/store', 'helper/dissect'}),
    (r'brotli/', {'helper/dissect'}),
    (r'nghttp2/', {'helper/dissect'}),
    (r're2/', {'shared/filter'}),
    (r'xxh', {'helper/flow', 'helper/store'}),
    (r'nlohmann/', {'helper/store', 'helper/view'}),
    (r'CLI/', {'helper/cli'}),
    (r'cap-ng|sys/capability', {'helper/platform'}),
]
MAX_LINES = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def tracked(*endings):
    """Files of the work tree that git knows or would add."""
    out = subprocess.run(['git', '-C', ROOT, 'ls-files', '-co', '--exclude-standard'], check=True, capture_output=True, text=True)
    return sorted(f for f in set(out.stdout.splitlines()) if f.endswith(endings) and os.path.isfile(os.path.join(ROOT, f)))


def lines_of(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read().splitlines()


def module_of(path):
    parts = path.split('/')
    for n in (2, 1):
        if '/'.join(parts[:n]) in LAYERS:
            return '/'.join(parts[:n])
    return None


def check_include(path, number, kind, name):
    module = module_of(path)
    place = f'{path}:{number}'
    if kind == '"':
        target = module_of(name)
        if target is None:
            if not os.path.exists(os.path.join(ROOT, name)) and '_moc' not in name and not name.endswith('.def'):
                yield f'{place}: {name} is not named by its path from the top folder'
        elif target != module and LAYERS[target] >= LAYERS[module]:
            yield f'{place}: {module} (layer {LAYERS[module]}) includes {target} (layer {LAYERS[target]})'
        return
    for pattern, modules in WRAPPED:
        if re.match(pattern, name) and module not in modules:
            yield f'{place}: <{name}> belongs into {", ".join(sorted(modules))}'


def includes():
    for path in tracked('.h', '.cpp'):
        if module_of(path) is None:
            continue  # tests include what they test
        for number, line in enumerate(lines_of(path), 1):
            found = INCLUDE.match(line)
            if found:
                yield from check_include(path, number, *found.groups())


def files():
    for path in tracked('.h', '.cpp', '.py', '.sh', '.cmake', '.txt', '.md', '.sql', '.json', '.def', '.proto'):
        name = os.path.basename(path)
        source = path.endswith(('.h', '.cpp'))
        lines = lines_of(path)
        if (source or path.endswith('.py')) and len(lines) > MAX_LINES:
            yield f'{path}: {len(lines)} lines; {MAX_LINES} are the limit: split by responsibility'
        if source and not re.fullmatch(r'[a-z0-9]+(_[a-z0-9]+)*\.(h|cpp)', name):
            yield f'{path}: source files are called like_this.cpp'
        if path.endswith('.h') and '#pragma once' not in lines:
            yield f'{path}: no #pragma once'
        for number, line in enumerate(lines, 1):
            if re.search(r'(^|[^\w.])/(work|farm)/', line):
                yield f'{path}:{number}: a path of some machine'
            if source and re.search(r'\b(TODO|FIXME|XXX)\b', line):
                yield f'{path}:{number}: unfinished'


def run_tool(command, paths):
    out = subprocess.run([*command, *paths], cwd=ROOT, capture_output=True, text=True)
    return [] if out.returncode == 0 else (out.stdout + out.stderr).splitlines()


def clang_format():
    tool = shutil.which('clang-format-14') or shutil.which('clang-format')
    if tool is None:
        yield 'clang-format is not installed'
        return
    found = run_tool([tool, '--dry-run', '-Werror', '--ferror-limit=1'], tracked('.h', '.cpp'))
    for path in sorted({line.split(':')[0] for line in found if 'error:' in line}):
        yield f'{path}: not formatted: clang-format -i {path}'


def scripts():
    tool = shutil.which('shellcheck')
    if tool is None:
        yield 'shellcheck is not installed'
        return
    shell = tracked('.sh') + ['.ci/run']
    yield from run_tool([tool, '-x', '-P', ROOT], shell)
    for path in shell:
        lines = lines_of(path)
        if lines[0].startswith('#!') and 'set -euo pipefail' not in lines:
            yield f'{path}: no `set -euo pipefail`'


CHECKS = {'includes': includes, 'files': files, 'format': clang_format, 'scripts': scripts}


def main():
    wanted = sys.argv[1:] or list(CHECKS)
    if set(wanted) - set(CHECKS):
        sys.exit(__doc__)
    failed = 0
    for name in wanted:
        found = list(CHECKS[name]())
        failed += len(found)
        for line in found:
            print(line)
        print(f'{name}: {len(found) or "no"} violation{"" if len(found) == 1 else "s"}')
    sys.exit(1 if failed else 0)


main()
