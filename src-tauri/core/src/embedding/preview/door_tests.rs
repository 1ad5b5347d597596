use super::*;
use crate::random::SystemRandom;
use proptest::prelude::*;

async fn door() -> Door {
    Door::open(None, &[], &SystemRandom).await.unwrap()
}

fn asks(door: &Door, line: &str, headers: &str, body: &str) -> std::result::Result<Asked, &'static str> {
    let line = line.replace("PATH", &door.path);
    let headers =
        headers.replace("HOST", &door.host).replace("COOKIE", &format!("{}={}", door.cookie(), door.mark));
    door.admitted(format!("{line} HTTP/1.1\r\n{headers}\r\n\r\n{body}").as_bytes())
}

const OWN: &str = "Host: HOST\r\nOrigin: http://HOST\r\nCookie: a=b; COOKIE";

#[tokio::test]
async fn the_browser_that_came_first_is_let_in_and_no_other_one() {
    let door = door().await;
    assert_eq!(
        asks(&door, "POST /PATH/token", "Host: HOST\r\nOrigin: http://HOST", ""),
        Err("403 Forbidden")
    );
    assert_eq!(asks(&door, "GET /PATH/", "Host: HOST", ""), Ok(Asked::Page));
    assert_eq!(asks(&door, "GET /PATH/", "Host: HOST", ""), Err("403 Forbidden"), "another one");
    assert_eq!(
        asks(&door, "GET /PATH/", "Host: HOST\r\nCookie: COOKIE", ""),
        Ok(Asked::Page),
        "loaded again"
    );
    assert_eq!(asks(&door, "POST /PATH/token", OWN, ""), Ok(Asked::Token));
    assert_eq!(asks(&door, "POST /PATH/said", OWN, "{\"alive\":true}"), Ok(Asked::Said { alive: true }));
}

#[tokio::test]
async fn nothing_is_served_to_other_names_other_paths_and_other_sites() {
    let door = door().await;
    assert_eq!(asks(&door, "GET /PATH/", "Host: HOST", ""), Ok(Asked::Page));
    for (line, headers, body, status) in [
        (
            "POST /PATH/token",
            "Host: evil.example\r\nOrigin: http://HOST\r\nCookie: COOKIE",
            "",
            "421 Misdirected Request",
        ),
        ("POST /PATH/token", "Origin: http://HOST\r\nCookie: COOKIE", "", "421 Misdirected Request"),
        (
            "POST /PATH/token",
            "Host: HOST\r\nHost: HOST\r\nOrigin: http://HOST\r\nCookie: COOKIE",
            "",
            "421 Misdirected Request",
        ),
        (
            "POST /PATH/token",
            "Host: HOST\r\nOrigin: https://evil.example\r\nCookie: COOKIE",
            "",
            "403 Forbidden",
        ),
        ("POST /PATH/token", "Host: HOST\r\nOrigin: null\r\nCookie: COOKIE", "", "403 Forbidden"),
        ("POST /PATH/token", "Host: HOST\r\nCookie: COOKIE", "", "403 Forbidden"),
        (
            "POST /PATH/token",
            "Host: HOST\r\nOrigin: http://HOST\r\nSec-Fetch-Site: same-site\r\nCookie: COOKIE",
            "",
            "403 Forbidden",
        ),
        ("POST /PATH/said", OWN, "{}", "400 Bad Request"),
        ("GET /PATH/token", OWN, "", "404 Not Found"),
        ("POST /PATH/", OWN, "", "404 Not Found"),
        ("OPTIONS /PATH/token", OWN, "", "404 Not Found"),
        ("GET /PATH/../PATH/", OWN, "", "404 Not Found"),
        ("GET /PATH", OWN, "", "404 Not Found"),
        ("GET /", OWN, "", "404 Not Found"),
        ("GET /0123456789abcdef0123456789abcdef/", OWN, "", "404 Not Found"),
    ] {
        assert_eq!(asks(&door, line, headers, body), Err(status), "{line} {headers}");
    }
}

#[tokio::test]
async fn a_page_is_given_and_then_a_token_over_http() {
    let door = door().await;
    let address = door.host.clone();
    let served = door.serve(|asked| async move {
        match asked {
            Asked::Page => {
                Given::Page { text: "hello".into(), nonce: "n0".into(), frame: "http://s.example".into() }
            }
            Asked::Token => Given::Json(Zeroizing::new("{\"token\":\"t\"}".to_owned())),
            Asked::Said { .. } => Given::NotNow,
        }
    });
    let at = &address;
    let ask = |text: String| async move {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let path = &door.path;
    let visits = async {
        // One that says nothing holds up nobody.
        let _silent = TcpStream::connect(&address).await.unwrap();
        let page = ask(format!("GET /{path}/ HTTP/1.1\r\nHost: {address}\r\n\r\n")).await;
        assert!(page.starts_with("HTTP/1.1 200 OK") && page.ends_with("hello"), "{page}");
        assert!(page.contains("frame-src http://s.example;") && !page.contains("Access-Control"), "{page}");
        let cookie = page.split("Set-Cookie: ").nth(1).unwrap().split(';').next().unwrap();
        let token = ask(format!(
            "POST /{path}/token HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
             Content-Length: 2\r\n\r\n{{}}"
        ))
        .await;
        assert!(token.ends_with("{\"token\":\"t\"}") && token.contains("Cache-Control: no-store"), "{token}");
    };
    tokio::select! {
        () = served => unreachable!(),
        () = visits => {}
    }
}

#[tokio::test]
async fn a_port_that_a_dashboard_s_list_names_is_taken_where_it_is_free() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let known = [("localhost".to_owned(), port)];
    assert!(matches!(Door::open(Some(port), &known, &SystemRandom).await, Err(Error::PortTaken { .. })));
    let elsewhere = Door::open(None, &known, &SystemRandom).await.unwrap();
    assert!(
        elsewhere.site().starts_with("http://127.0.0.1:") && !elsewhere.site().ends_with(&port.to_string())
    );
    drop(taken);
    let here = Door::open(None, &known, &SystemRandom).await.unwrap();
    assert_eq!(here.site(), format!("http://localhost:{port}"));
    assert!(here.address().starts_with(&here.site()));
}

proptest! {
    #[test]
    fn any_request_is_taken(head in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Request::of(&head).map(|request| request.headers.len());
    }
}
