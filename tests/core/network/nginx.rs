//! nginx, which finishes the handshake whatever it is shown and says no in a page: status 400.

use crate::canned_server::CannedServer;
use crate::pki::Authority;
use crate::stage::{Stage, refused, showing, superset, trusting};
use rcgen::ExtendedKeyUsagePurpose as Purpose;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use superset_keys_core::actions::NetworkChange;
use superset_keys_core::error::ClientCertificateProblem as Problem;

struct Nginx {
    child: Child,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian's package, as an ordinary process; its service is neither used nor touched. None where there is none.
fn nginx(folder: &Path, authority: &Authority, verify: &str, protocols: &str, behind: u16) -> Option<Nginx> {
    let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];
    let program = program.into_iter().find(|path| Path::new(path).exists())?;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = folder.join(format!("nginx-{port}"));
    std::fs::create_dir_all(&run).unwrap();
    let made = authority.server();
    std::fs::write(run.join("server.crt"), &made.pem).unwrap();
    std::fs::write(run.join("server.key"), made.key.serialize_pem()).unwrap();
    std::fs::write(run.join("ca.pem"), &authority.pem).unwrap();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {}/{kind};", run.display())).join("\n");
    let run_dir = run.display();
    let settings = format!(
        "daemon off; master_process off; pid {run_dir}/pid; error_log {run_dir}/error.log;
        events {{}}
        http {{ {folders} access_log off;
          server {{
            listen 127.0.0.1:{port} ssl http2;
            ssl_certificate {run_dir}/server.crt; ssl_certificate_key {run_dir}/server.key; ssl_protocols {protocols};
            ssl_client_certificate {run_dir}/ca.pem; ssl_verify_client {verify};
            location / {{ proxy_pass http://127.0.0.1:{behind}; }}
          }} }}"
    );
    let file = run.join("nginx.conf");
    std::fs::write(&file, settings).unwrap();
    let child = Command::new(program)
        .args(["-p", run.to_str().unwrap(), "-c", file.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Nginx { child, port };
    let since = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(since.elapsed() < Duration::from_secs(10), "nginx does not start");
        std::thread::yield_now();
    }
    Some(started)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_our_certificate_is_seen_where_nginx_only_says_no() {
    let (authority, other) = (Authority::new("Acme Root"), Authority::new("Somebody Else"));
    let superset = CannedServer::start(superset).await;
    for protocols in ["TLSv1.2", "TLSv1.3", "TLSv1.2 TLSv1.3"] {
        let stage = Stage::new();
        let behind = superset.address.port();
        let Some(nginx) = nginx(stage.folder(), &authority, "on", protocols, behind) else { return };
        let address = format!("https://localhost:{}", nginx.port);
        let trusted = authority.write(stage.folder(), "root.pem");
        let (id, wants) = stage.add(&address, trusting(&trusted)).await.unwrap();
        assert!(wants, "{protocols}");
        let before = superset.seen().len();
        for (made, problem) in [
            (authority.client((2020, 2021), Purpose::ClientAuth), Problem::Expired),
            (authority.client((2089, 2090), Purpose::ClientAuth), Problem::NotYetValid),
            (authority.client((2020, 2090), Purpose::ServerAuth), Problem::OtherPurpose),
            // Nothing is seen of that here, and nginx tells it its log alone.
            (other.good_client(), Problem::Untold),
        ] {
            let own = made.write(stage.folder(), "own.pem");
            stage.core.set_network(&id, showing(own.clone())).await.unwrap();
            let error = stage.core.look_at_network(&id).await.unwrap_err();
            assert_eq!(refused(&error), Some(problem), "{protocols}: {error:?}");
            assert_eq!(error.params()["subject"], "jane");
            let change = NetworkChange { certificate: showing(own).certificate, ..trusting(&trusted) };
            let error = stage.add(&address, change).await.unwrap_err();
            assert_eq!(refused(&error), Some(problem), "{protocols}: {error:?}");
        }
        assert_eq!(superset.seen().len(), before, "nobody came through");
        let own = authority.good_client().write(stage.folder(), "own.pem");
        stage.core.set_network(&id, showing(own)).await.unwrap();
        stage.core.set_mcp_url(&id, None).await.unwrap();
        assert!(superset.seen().iter().any(|seen| seen.path == "/mcp"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_none_is_required_none_is_missed() {
    let (authority, other) = (Authority::new("Acme Root"), Authority::new("Somebody Else"));
    let superset = CannedServer::start(superset).await;
    let stage = Stage::new();
    let behind = superset.address.port();
    let Some(nginx) = nginx(stage.folder(), &authority, "optional", "TLSv1.2 TLSv1.3", behind) else {
        return;
    };
    let address = format!("https://localhost:{}", nginx.port);
    let trusted = authority.write(stage.folder(), "root.pem");
    let (id, wants) = stage.add(&address, trusting(&trusted)).await.unwrap();
    assert!(!wants);
    // One that it does not take is worse than none.
    let own = other.good_client().write(stage.folder(), "own.pem");
    stage.core.set_network(&id, showing(own)).await.unwrap();
    assert_eq!(refused(&stage.core.look_at_network(&id).await.unwrap_err()), Some(Problem::Untold));
}
