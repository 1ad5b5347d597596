-- Superset Keys: lets one login of PostgreSQL read who has which API key in Superset. No hash, no password, nothing else.
-- Run it in Superset's metadata database, as the owner of its tables with CREATEROLE, or as a superuser:
--   psql "dbname=superset" -f audit.sql
-- Safe to run again. Where Superset's tables lie in another schema than public, replace "public" everywhere.
--
-- Before you upgrade Superset, drop the view and make it again afterwards: a migration that changes a column's type
-- stops at a view that reads it. "Columns only" has no such catch.
BEGIN;

CREATE OR REPLACE VIEW public.superset_key_audit WITH (security_barrier = true) AS
SELECT k.id, k.uuid, k.name, k.scopes, k.active, k.created_on, k.expires_on, k.revoked_on, k.last_used_on,
       u.id AS user_id, u.username, u.first_name, u.last_name, u.email, u.active AS user_active, u.last_login,
       (SELECT string_agg(r.name, ',' ORDER BY r.name)
          FROM public.ab_role r
         WHERE r.id IN (SELECT ur.role_id FROM public.ab_user_role ur WHERE ur.user_id = u.id
                        UNION
                        SELECT gr.role_id FROM public.ab_user_group ug
                          JOIN public.ab_group_role gr ON gr.group_id = ug.group_id
                         WHERE ug.user_id = u.id)) AS roles
  FROM public.ab_api_key k
  JOIN public.ab_user u ON u.id = k.user_id;

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'superset_key_auditor') THEN
    -- Without a password nobody can sign in as it yet.
    CREATE ROLE superset_key_auditor LOGIN;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO superset_key_auditor', current_database());
END $$;
ALTER ROLE superset_key_auditor NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 10;
-- What keeps it from writing is that it has no right to; these keep mistakes small.
ALTER ROLE superset_key_auditor SET default_transaction_read_only = on;
ALTER ROLE superset_key_auditor SET statement_timeout = '20s';
ALTER ROLE superset_key_auditor SET lock_timeout = '5s';
ALTER ROLE superset_key_auditor SET idle_in_transaction_session_timeout = '60s';

REVOKE ALL ON public.superset_key_audit FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO superset_key_auditor;
GRANT SELECT ON public.superset_key_audit TO superset_key_auditor;

COMMIT;

-- Then give it a password, which psql asks for without keeping it:
--   \password superset_key_auditor
-- Before PostgreSQL 15, and in databases made before it, everybody may make tables in the schema public, this login too,
-- and Superset Keys then refuses it. If nothing of yours lives on that:
--   REVOKE CREATE ON SCHEMA public FROM PUBLIC;
