-- What the login of this connection may, beyond reading the view. Catalogues that SQL Lab of Superset 6.1.0 refuses
-- (pg_roles, pg_authid) are left out; roles it could become come from pg_auth_members.
WITH own AS (
  SELECT m.roleid AS role FROM pg_catalog.pg_auth_members m WHERE pg_has_role(m.roleid, 'MEMBER')
), places AS (
  SELECT n.oid FROM pg_catalog.pg_namespace n WHERE left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'
), things AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN places ON places.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
), hidden AS (
  SELECT a.attrelid AS thing, a.attnum AS number FROM pg_catalog.pg_attribute a JOIN things ON things.oid = a.attrelid
  WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname IN ('password', 'key_hash', 'lookup_hash',
    'encrypted_extra', 'private_key', 'private_key_password', 'access_token', 'refresh_token', 'server_cert', 'sqlalchemy_uri')
)
SELECT
  EXISTS (SELECT 1 FROM hidden h WHERE has_column_privilege(h.thing, h.number, 'SELECT')
    OR EXISTS (SELECT 1 FROM own WHERE has_column_privilege(own.role, h.thing, h.number, 'SELECT'))) AS reads_hashes,
  EXISTS (SELECT 1 FROM things t WHERE has_table_privilege(t.oid, 'DELETE, TRUNCATE')
    OR has_any_column_privilege(t.oid, 'INSERT, UPDATE')
    OR EXISTS (SELECT 1 FROM own WHERE has_table_privilege(own.role, t.oid, 'DELETE, TRUNCATE')
      OR has_any_column_privilege(own.role, t.oid, 'INSERT, UPDATE'))) AS writes,
  EXISTS (SELECT 1 FROM places p WHERE has_schema_privilege(p.oid, 'CREATE')
    OR EXISTS (SELECT 1 FROM own WHERE has_schema_privilege(own.role, p.oid, 'CREATE')))
    OR EXISTS (SELECT 1 FROM pg_catalog.pg_database d WHERE has_database_privilege(d.oid, 'CREATE')) AS creates,
  EXISTS (SELECT 1 FROM pg_catalog.pg_proc p JOIN places ON places.oid = p.pronamespace
    WHERE p.prosecdef AND has_function_privilege(p.oid, 'EXECUTE')) AS calls,
  pg_has_role('pg_read_server_files', 'MEMBER') OR pg_has_role('pg_write_server_files', 'MEMBER')
    OR pg_has_role('pg_execute_server_program', 'MEMBER') AS files
