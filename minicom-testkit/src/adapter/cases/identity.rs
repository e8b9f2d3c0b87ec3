//! Who it is: by the host's session, by an authenticator, by a first frame; and who is refused.

use minicom_web::WebOptions;
use serde_json::json;

use super::Fixture;
use crate::adapter::{
    SESSION_HEADER,
    kit::{self, Server},
    people::Tokens,
};

const ANN: (&str, &str) = (SESSION_HEADER, "user:ann");
const BEN: (&str, &str) = (SESSION_HEADER, "admin:ben");

/// A role that does not exist closes with 4504.
pub async fn an_unknown_role_is_refused(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for role in ["owner", "ai", "User", "%zz"] {
        assert_eq!(server.close_of(&format!("/ws/chat/{role}/ann/"), &[]).await, 4504, "{role}");
    }
}

/// A name that only leads to this machine is no reason to believe a path, so the `Host` header must come through.
pub async fn a_path_is_believed_under_loopback_names(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for (host, believed) in [("localhost:8000", true), ("[::1]", true), ("evil.example", false)] {
        let mut ann = server.socket_with("/ws/chat/user/ann/", &[("host", host)]).await;
        if believed {
            ann.expect("history").await;
        } else {
            assert_eq!(ann.closed().await, 4503, "{host}");
        }
    }
}

/// A path that asks for more than the session or the token gives closes with 4503.
pub async fn anothers_path_is_refused(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    for (path, who, code) in [
        ("/ws/chat/user/bob/", "user:ann", 4503),
        ("/ws/chat/admin/ann/", "user:ann", 4503),
        ("/ws/chat/user/ben/", "admin:ben", 4503),
        ("/ws/chat/owner/ann/", "user:ann", 4504),
    ] {
        let token = format!("Bearer {who}");
        assert_eq!(server.close_of(path, &[("authorization", &token)]).await, code, "token {who} at {path}");
        assert_eq!(server.close_of(path, &[(SESSION_HEADER, who)]).await, code, "session {who} at {path}");
    }
}

/// If nobody vouches for a client it is closed with 4501.
pub async fn nobody_is_let_in_by_nobody(fixture: &Fixture) {
    let by_session = kit::by_session(fixture).await;
    let by_path = kit::by_path(fixture).await;
    for path in ["/ws", "/ws/", "/ws/chat/user/ann/", "/ws/chat/admin/dummy"] {
        assert_eq!(by_session.close_of(path, &[]).await, 4501, "{path}");
    }
    assert_eq!(by_path.close_of("/ws", &[]).await, 4501, "this path names nobody");
}

/// A wrong token is 4501, one that was valid once 4401.
pub async fn what_is_not_believed_is_refused(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    for path in ["/ws", "/ws/chat/user/ann/"] {
        assert_eq!(server.close_of(path, &[("authorization", "Bearer nonsense")]).await, 4501, "{path}");
        assert_eq!(server.close_of(path, &[("authorization", "Bearer ended:ann")]).await, 4401, "{path}");
    }
    assert_eq!(server.close_of("/ws/chat/user/ann/", &[]).await, 4501, "a path without a token");
}

/// A session of the host's that is over closes with 4401, and is not replaced by the authenticator's word.
pub async fn an_ended_session_is_refused(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/ws", "/ws/chat/user/ann/"] {
        assert_eq!(server.close_of(path, &[(SESSION_HEADER, "ended:ann")]).await, 4401, "{path}");
    }
    assert_eq!(server.ask("GET", "/api/session", &[(SESSION_HEADER, "ended:ann")]).await.status, 401);
}

/// At `/ws` a first frame `auth` says who it is.
pub async fn a_first_frame_says_who(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    let mut ann = server.socket("/ws").await;
    ann.send(json!({"type": "auth", "token": "user:ann", "client_id": "a"})).await;
    assert_eq!(ann.expect("ack").await["client_id"], "a");
    ann.expect("history").await;

    let mut liar = server.socket("/ws").await;
    liar.send(json!({"type": "auth", "token": "nonsense"})).await;
    assert_eq!(liar.closed().await, 4501);
    let mut hasty = server.socket("/ws/").await;
    hasty.send(json!({"type": "message", "message": "hi"})).await;
    assert_eq!(hasty.closed().await, 4501);
}

/// At `/ws` the host's session is who it is.
pub async fn the_hosts_session_at_the_socket(fixture: &Fixture) {
    let server = kit::by_session(fixture).await;
    let mut ann = server.socket_with("/ws", &[ANN]).await;
    ann.expect("history").await;
    let mut ben = server.socket_with("/ws/", &[BEN]).await;
    ben.watch("ann").await;
    ann.send(json!({"type": "message", "message": "hi"})).await;
    let said = ben.expect("message").await["message"].clone();
    assert_eq!((&said["email"], &said["sender_type"]), (&json!("ann"), &json!("user")));
}

/// At the original path it must be what the path asks for; an agent may put any word.
pub async fn the_hosts_session_at_the_original_path(fixture: &Fixture) {
    let server = kit::by_session(fixture).await;
    server.socket_with("/ws/chat/user/ann/", &[ANN]).await.expect("history").await;
    server.socket_with("/ws/chat/admin/dummy/", &[BEN]).await.is_alive_and_silent().await;
    assert_eq!(server.close_of("/ws/chat/user/bob/", &[ANN]).await, 4503);
}

/// Over REST too: `/api/session` tells it, `/api/users/` obeys it.
pub async fn the_hosts_session_over_rest(fixture: &Fixture) {
    let server = kit::by_session(fixture).await;
    let session = server.ask("GET", "/api/session", &[ANN]).await;
    assert_eq!(
        session.json(),
        json!({"mode": "session", "role": "user", "workspace": "default", "email": "ann", "name": null})
    );
    for (headers, status) in [(&[BEN][..], 200), (&[ANN][..], 403), (&[][..], 401)] {
        assert_eq!(server.ask("GET", "/api/users/", headers).await.status, status, "{headers:?}");
    }
}

/// The host's session is believed before the authenticator is asked.
pub async fn the_hosts_session_goes_first(fixture: &Fixture) {
    let by_path = kit::by_path(fixture).await;
    assert_eq!(by_path.ask("GET", "/api/session", &[ANN]).await.json()["email"], "ann");
    assert_eq!(by_path.close_of("/ws/chat/admin/ann/", &[ANN]).await, 4503);
    let by_token = kit::by_token(fixture).await;
    let both = [ANN, ("authorization", "Bearer user:bob")];
    assert_eq!(by_token.ask("GET", "/api/session", &both).await.json()["email"], "ann");
}

/// An authenticator is told from where a client speaks.
pub async fn the_peers_address_is_known(fixture: &Fixture) {
    let tokens = Tokens::default();
    let server = Server::start(fixture, tokens.clone(), WebOptions::default(), None).await;
    let bearer = ("authorization", "Bearer user:ann");
    assert_eq!(server.ask("GET", "/api/session", &[bearer]).await.status, 200);
    server.socket_with("/ws", &[bearer]).await.expect("history").await;
    let asked = tokens.asked_from.lock().expect("no case panics here").clone();
    assert_eq!(asked, [Some(server.address.ip()); 2]);
}
