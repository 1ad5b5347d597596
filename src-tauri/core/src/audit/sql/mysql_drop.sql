-- Superset Keys: takes back what lets superset_key_auditor read who has which API key. Safe to run again.
DROP VIEW IF EXISTS superset_key_audit;
DROP USER IF EXISTS 'superset_key_auditor'@'%';
