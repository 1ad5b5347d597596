-- Superset Keys: takes back what lets superset_key_revoker revoke API keys. Safe to run again.
BEGIN;
DROP FUNCTION IF EXISTS public.superset_revoke_key(text);
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'superset_key_revoker') THEN
    DROP OWNED BY superset_key_revoker;
    DROP ROLE superset_key_revoker;
  END IF;
END $$;
COMMIT;
