-- Superset Keys: lets one login of PostgreSQL revoke an API key by its uuid, and nothing else: it reads no hash, changes
-- nothing else and cannot bring a key back. For people who clean up others' keys from Superset itself.
-- Run it in Superset's metadata database, as the owner of its tables with CREATEROLE, or as a superuser. Safe to run
-- again. Where Superset's tables lie in another schema than public, replace "public" everywhere.
-- Superset's SQL Lab rolls a SELECT back and still says it was done, so the connection of this login needs, under
-- Advanced, Other, Engine parameters: {"isolation_level": "AUTOCOMMIT"}. Give access to it to those who clean up alone.
BEGIN;

CREATE OR REPLACE FUNCTION public.superset_revoke_key(key_uuid text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ WITH done AS (UPDATE public.ab_api_key SET revoked_on = LOCALTIMESTAMP
                  WHERE uuid = key_uuid AND revoked_on IS NULL RETURNING 1)
   SELECT EXISTS (SELECT 1 FROM done) $$;
REVOKE ALL ON FUNCTION public.superset_revoke_key(text) FROM PUBLIC;

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'superset_key_revoker') THEN
    -- Without a password nobody can sign in as it yet.
    CREATE ROLE superset_key_revoker LOGIN;
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO superset_key_revoker', current_database());
END $$;
ALTER ROLE superset_key_revoker NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 5;
ALTER ROLE superset_key_revoker SET statement_timeout = '20s';
ALTER ROLE superset_key_revoker SET lock_timeout = '5s';

GRANT USAGE ON SCHEMA public TO superset_key_revoker;
GRANT EXECUTE ON FUNCTION public.superset_revoke_key(text) TO superset_key_revoker;

COMMIT;

-- Then give it a password, which psql asks for without keeping it:
--   \password superset_key_revoker
