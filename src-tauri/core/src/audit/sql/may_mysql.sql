-- What the login of this connection may, beyond reading the view: its own rights are all that these tables show it.
WITH things AS (
  SELECT c.table_schema, c.column_name, c.privileges FROM information_schema.columns c
  WHERE c.table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
), rights AS (
  SELECT p.privilege_type FROM information_schema.user_privileges p
  UNION ALL SELECT p.privilege_type FROM information_schema.schema_privileges p
  UNION ALL SELECT p.privilege_type FROM information_schema.table_privileges p
)
SELECT
  EXISTS (SELECT 1 FROM things t WHERE LOWER(t.column_name) IN ('password', 'key_hash', 'lookup_hash', 'encrypted_extra',
    'private_key', 'private_key_password', 'access_token', 'refresh_token', 'server_cert', 'sqlalchemy_uri')
    AND t.privileges LIKE '%select%')
    OR EXISTS (SELECT 1 FROM information_schema.user_privileges p WHERE p.privilege_type = 'SELECT')
    OR EXISTS (SELECT 1 FROM information_schema.schema_privileges p WHERE p.table_schema = 'mysql' AND p.privilege_type = 'SELECT')
    OR EXISTS (SELECT 1 FROM information_schema.table_privileges p WHERE p.table_schema = 'mysql' AND p.privilege_type = 'SELECT')
    OR EXISTS (SELECT 1 FROM information_schema.column_privileges p WHERE p.table_schema = 'mysql' AND p.privilege_type = 'SELECT')
    AS reads_hashes,
  EXISTS (SELECT 1 FROM things t WHERE t.privileges LIKE '%insert%' OR t.privileges LIKE '%update%')
    OR EXISTS (SELECT 1 FROM rights r WHERE r.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER')) AS writes,
  EXISTS (SELECT 1 FROM rights r WHERE r.privilege_type NOT IN ('USAGE', 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER',
    'FILE', 'SHOW VIEW', 'EXECUTE')) AS creates,
  EXISTS (SELECT 1 FROM information_schema.routines f WHERE f.security_type = 'DEFINER' AND f.routine_schema NOT IN ('sys', 'mysql'))
    OR EXISTS (SELECT 1 FROM information_schema.applicable_roles) AS calls,
  EXISTS (SELECT 1 FROM rights r WHERE r.privilege_type = 'FILE') AS files
