-- Superset Keys: lets one login of MySQL 8 or MariaDB 10.5 and newer read who has which API key in Superset. No hash, no
-- password, nothing else. Run it in Superset's metadata database, as an account that may read it, make views and
-- accounts there, and pass rights on (WITH GRANT OPTION):
--   mysql superset < audit.sql
-- Safe to run again. The view reads with its maker's rights; the login has a right on the view alone.
-- MySQL keeps these times in whole seconds.
--
-- Before you upgrade Superset, drop the view and make it again afterwards, so that no migration stops at it.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW superset_key_audit AS
SELECT k.id, k.uuid, k.name, k.scopes, k.active, k.created_on, k.expires_on, k.revoked_on, k.last_used_on,
       u.id AS user_id, u.username, u.first_name, u.last_name, u.email, u.active AS user_active, u.last_login,
       (SELECT GROUP_CONCAT(r.name ORDER BY r.name SEPARATOR ',')
          FROM ab_role r
         WHERE r.id IN (SELECT ur.role_id FROM ab_user_role ur WHERE ur.user_id = u.id)
            OR r.id IN (SELECT gr.role_id FROM ab_user_group ug
                          JOIN ab_group_role gr ON gr.group_id = ug.group_id
                         WHERE ug.user_id = u.id)) AS roles
  FROM ab_api_key k
  JOIN ab_user u ON u.id = k.user_id;

-- Locked, so that nobody can sign in as it yet.
CREATE USER IF NOT EXISTS 'superset_key_auditor'@'%' WITH MAX_USER_CONNECTIONS 10 ACCOUNT LOCK;
GRANT SELECT, SHOW VIEW ON superset_key_audit TO 'superset_key_auditor'@'%';

-- Then give it a password of its own and open it:
--   ALTER USER 'superset_key_auditor'@'%' IDENTIFIED BY '…' ACCOUNT UNLOCK;
