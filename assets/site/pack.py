#!/usr/bin/env python3
"""Packs assets/site into C, so that the site answers them from memory.

Every file is served under a name with its fingerprint (village.css → /asset/village.3f2a9c01de.css) and may be kept for ever; url(…) in
style sheets is rewritten to such names. Text is packed a second time, compressed. Templates ask url_of() for the same names.
"""

import argparse
import gzip
import hashlib
import os
import re

TYPES = {'.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.webp': 'image/webp',
         '.png': 'image/png', '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json', '.ico': 'image/x-icon', '.json': 'application/json'}


def content(folder, name):
    with open(os.path.join(folder, name), 'rb') as file:
        data = file.read()
    if name.endswith('.css'):
        data = re.sub(rb'url\(["\']?([\w.-]+)["\']?\)', lambda m: b'url(' + url_of(folder, m[1].decode()).encode() + b')', data)
    return data


def url_of(folder, name):
    stem, extension = os.path.splitext(name)
    return f'/asset/{stem}.{hashlib.sha256(content(folder, name)).hexdigest()[:10]}{extension}'


def c_bytes(data):
    return ''.join(f'{byte},' for byte in data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', required=True)
    parser.add_argument('--with', dest='more', action='append', default=[], help='a file from elsewhere, by its name')
    given = parser.parse_args()
    out = given.out
    folder = os.path.dirname(os.path.abspath(__file__))
    names = sorted(n for n in os.listdir(folder) if os.path.splitext(n)[1] in TYPES)
    lines = ['/* Made by assets/site/pack.py. */', '#include "base/media.h"', '']
    rows = []
    files = [(name, content(folder, name), url_of(folder, name)) for name in names]
    for path in given.more:
        with open(path, 'rb') as file:
            files.append((os.path.basename(path), file.read(), '/asset/' + os.path.basename(path)))
    for place, (name, data, url) in enumerate(files):
        extension = os.path.splitext(name)[1]
        small = gzip.compress(data, 9, mtime=0) if extension not in ('.webp', '.png', '.ico') else b''
        if len(small) >= len(data):
            small = b''
        lines.append(f'static const unsigned char data_{place}[] = {{{c_bytes(data)}}};')
        if small:
            lines.append(f'static const unsigned char small_{place}[] = {{{c_bytes(small)}}};')
        rows.append(f'\t{{ "{url}", "{name}", "{TYPES[extension]}", data_{place}, {len(data)}, '
                    f'{f"small_{place}" if small else "0"}, {len(small)} }},')
    lines += ['', 'const struct media_asset media_assets[] = {', *rows, '};', f'const size_t media_assets_count = {len(rows)};', '']
    with open(f'{out}/asset.c', 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines))


if __name__ == '__main__':
    main()
