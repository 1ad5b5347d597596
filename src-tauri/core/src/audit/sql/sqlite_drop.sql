-- Superset Keys: takes the view away again. Safe to run again.
DROP VIEW IF EXISTS superset_key_audit;
