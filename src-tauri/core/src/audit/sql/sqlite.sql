-- Superset Keys: a view of who has which API key in Superset, for trials on SQLite. No hash, no password.
--   sqlite3 superset.db < audit.sql
-- SQLite has no logins: whoever opens the file reads and writes all of it, password hashes too. Superset Keys therefore
-- reads it with --trust-database only.
DROP VIEW IF EXISTS superset_key_audit;
CREATE VIEW superset_key_audit AS
SELECT k.id, k.uuid, k.name, k.scopes, k.active, k.created_on, k.expires_on, k.revoked_on, k.last_used_on,
       u.id AS user_id, u.username, u.first_name, u.last_name, u.email, u.active AS user_active, u.last_login,
       (SELECT group_concat(name, ',')
          FROM (SELECT r.name FROM ab_role r
                 WHERE r.id IN (SELECT ur.role_id FROM ab_user_role ur WHERE ur.user_id = u.id)
                    OR r.id IN (SELECT gr.role_id FROM ab_user_group ug
                                  JOIN ab_group_role gr ON gr.group_id = ug.group_id
                                 WHERE ug.user_id = u.id)
                 ORDER BY r.name)) AS roles
  FROM ab_api_key k
  JOIN ab_user u ON u.id = k.user_id;
