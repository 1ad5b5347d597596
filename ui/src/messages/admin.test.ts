import { describe, expect, it } from 'vitest';
import { adminMessage } from './admin';

const url = 'https://bi.example.com';

describe('the message for an admin', () => {
  it('names each step', () => {
    const text = adminMessage({ code: 'api_keys_off' }, { url });
    for (const part of ['FAB_API_KEY_ENABLED = True', '5.2.0', 'superset db upgrade', 'superset init', 'can_revoke on ApiKey']) expect(text).toContain(part);
  });

  it('names the four permissions and who asks', () => {
    const text = adminMessage({ code: 'forbidden' }, { url, user: 'jane', role: 'Gamma' });
    for (const verb of ['list', 'create', 'get', 'revoke']) expect(text).toContain(`can_${verb} on ApiKey`);
    expect(text).toContain('jane, role Gamma');
  });

  it.each([
    ['key_table_missing', {}, ['superset db upgrade', 'ab_api_key']],
    ['public_role', {}, ['PUBLIC_ROLE_LIKE', 'GUEST_ROLE_NAME']],
    ['token_refused', { problem: 'subject_not_text', said: 'Subject must be a string' }, ['JWT_VERIFY_SUB = False', 'Subject must be a string']],
    ['token_refused', { problem: 'signature' }, ['SECRET_KEY']],
    ['token_refused', {}, ['superset_config.py']],
  ] as const)('says what mends %s', (code, params, parts) => {
    const text = adminMessage({ code, params }, { url });
    for (const part of [...parts, url]) expect(text).toContain(part);
    expect(text).not.toMatch(/undefined|\{/);
  });

  it('is there only where an admin can help', () => {
    expect(adminMessage({ code: 'unreachable' }, { url })).toBeUndefined();
  });
});
