-- Superset Keys: takes back what lets superset_key_auditor read who has which API key. Safe to run again.
BEGIN;
DROP VIEW IF EXISTS public.superset_key_audit;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'superset_key_auditor') THEN
    DROP OWNED BY superset_key_auditor;
    DROP ROLE superset_key_auditor;
  END IF;
END $$;
COMMIT;
