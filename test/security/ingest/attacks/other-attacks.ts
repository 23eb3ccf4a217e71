import { makeTiff } from '../../../helpers/make-tiff.ts';
import { refused, type Attack } from '../attack.ts';

export const OTHER_ATTACKS: Attack[] = [
  { what: 'nothing', file: () => new Uint8Array(0), end: refused('source-empty') },
  { what: 'one zero', file: () => new Uint8Array(1), end: refused('vector-format-unknown') },
  { what: 'white space', file: () => ' \n\t ', end: refused('source-empty') },
  { what: 'a byte order mark', file: () => '\ufeff', end: refused('source-empty') },
  { what: 'a TIFF', file: () => makeTiff({ width: 40, height: 40 }), end: refused('not-a-vector-format') },
  { what: 'a BigTIFF', file: () => Buffer.from('49492b0008000000', 'hex'), end: refused('not-a-vector-format') },
  { what: 'a PNG', file: () => Buffer.from('89504e470d0a1a0a', 'hex'), end: refused('not-a-vector-format') },
  { what: 'a PDF', file: () => '%PDF-1.7', end: refused('vector-format-unsupported') },
  { what: 'a program', file: () => Buffer.from('7f454c46020101', 'hex'), end: refused('vector-format-unsupported') },
  { what: 'a script', file: () => '#!/bin/sh\nrm -rf /\n', end: refused('vector-format-unknown') },
  {
    what: 'a web page',
    file: () => '<!DOCTYPE html><html><body>not here</body></html>',
    end: refused('vector-format-unsupported'),
  },
  {
    what: 'a login page in XML',
    file: () => '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    end: refused('vector-format-unknown'),
  },
  { what: 'JSON of something else', file: () => '{"message":"not found"}', end: refused('vector-format-unknown') },
  {
    what: 'a pointer of Git LFS',
    file: () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n',
    end: refused('vector-format-unknown'),
  },
  {
    what: 'noise',
    file: () => Uint8Array.from({ length: 4096 }, (_, at) => (at * 89 + ((at * at) % 251)) % 256),
    end: refused('vector-format-unknown'),
  },
];
