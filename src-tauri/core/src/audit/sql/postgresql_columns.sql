-- Superset Keys: the same as the view, by rights on single columns. No migration of Superset's stops at it, and there is
-- no dataset to be made of it: everybody's keys are read by SQL Lab alone.
-- Run it in Superset's metadata database, as the owner of its tables with CREATEROLE, or as a superuser:
--   psql "dbname=superset" -f audit.sql
-- Safe to run again. Where Superset's tables lie in another schema than public, replace "public" everywhere.
BEGIN;

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

GRANT USAGE ON SCHEMA public TO superset_key_auditor;
GRANT SELECT (id, uuid, name, user_id, scopes, active, created_on, expires_on, revoked_on, last_used_on)
  ON public.ab_api_key TO superset_key_auditor;
GRANT SELECT (id, username, first_name, last_name, email, active, last_login) ON public.ab_user TO superset_key_auditor;
GRANT SELECT (id, name) ON public.ab_role TO superset_key_auditor;
GRANT SELECT (user_id, role_id) ON public.ab_user_role TO superset_key_auditor;
GRANT SELECT (user_id, group_id) ON public.ab_user_group TO superset_key_auditor;
GRANT SELECT (group_id, role_id) ON public.ab_group_role TO superset_key_auditor;

COMMIT;

-- Then give it a password, which psql asks for without keeping it:
--   \password superset_key_auditor
-- Before PostgreSQL 15, and in databases made before it, everybody may make tables in the schema public, this login too,
-- and Superset Keys then refuses it. If nothing of yours lives on that:
--   REVOKE CREATE ON SCHEMA public FROM PUBLIC;
