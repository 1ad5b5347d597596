import { expect, it } from 'vitest';
import { hasKeyPage, makesKey } from './makes-key';

it.each([['6.1.0', false], ['6.1.4rc1', false], ['5.9', false], ['6.2.0', true], ['6.10.1', true], ['7.0.0dev', true], ['0.0.0-dev', false], ['', false], [null, false]] as const)(
  'knows whether %s has a page for keys: %s', (version, has) => expect(hasKeyPage(version)).toBe(has),
);

it.each([
  ['https://bi.example.com', '/api/v1/security/api_keys/'], ['https://bi.example.com/', '/api/v1/security/api_keys/'], ['https://bi.example.com/a/b/', '/a/b/api/v1/security/api_keys/'],
  ["https://bi.example.com/a');alert('b", '/a%27);alert(%27b/api/v1/security/api_keys/'],
])('asks below %s', (url, path) => expect(makesKey(url)).toContain(`fetch('${path}', {method: 'POST'`));
