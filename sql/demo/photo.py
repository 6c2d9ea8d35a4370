#!/usr/bin/env python3
"""Writes the demo photos as SQL, since psql cannot read binary files.

Reads photos.csv and photo/ beside this file; prints one insert per different file and the table demo_photo_file
(file, hash), from which load.sql makes the photo rows. Run: python3 sql/demo/photo.py > build/demo_photos.sql
"""
import csv
import hashlib
import pathlib
import sys

KINDS = {'.webp': 'image/webp', '.jpg': 'image/jpeg', '.png': 'image/png'}


def main():
    here = pathlib.Path(__file__).parent
    with open(here / 'photos.csv', encoding='utf-8', newline='') as rows:
        names = sorted({row['file'] for row in csv.DictReader(rows)})
    out = sys.stdout
    out.write('create temp table demo_photo_file (file text primary key, hash bytea not null);\n')
    for name in names:
        path = here / 'photo' / name
        if path.parent != here / 'photo' or "'" in name:
            sys.exit(f'photos.csv: odd file name {name!r}')
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        out.write(f"insert into data.file values (1, '\\x{digest}', '{KINDS[path.suffix]}', '\\x{data.hex()}')"
            " on conflict do nothing;\n")
        out.write(f"insert into demo_photo_file values ('{name}', '\\x{digest}');\n")


main()
