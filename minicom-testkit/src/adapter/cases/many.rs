//! Many sockets: all of them hear, some of them vanish, all of them end.

use serde_json::{Value, json};

use super::Fixture;
use crate::adapter::{
    kit::{self, Server},
    socket::Socket,
};

/// Tabs of one visitor and agents who watch him.
async fn crowd(server: &Server, visitors: usize, agents: usize) -> Vec<Socket> {
    let mut crowd = Vec::new();
    for _ in 0..visitors {
        crowd.push(server.visitor("ann").await);
    }
    for agent in 0..agents {
        let mut socket = server.socket(&format!("/ws/chat/admin/agent-{agent}/")).await;
        socket.watch("ann").await;
        crowd.push(socket);
    }
    crowd
}

/// The next message. Agents who come and go hear of each other in between.
async fn message(socket: &mut Socket) -> Value {
    loop {
        let frame = socket.next().await;
        if frame["type"] != "viewers" {
            assert_eq!(frame["type"], "message", "{frame}");
            return frame["message"].clone();
        }
    }
}

/// Every message, once, in order.
pub async fn a_hundred_hear_in_order(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut crowd = crowd(&server, 50, 50).await;
    for number in 0..30 {
        let visitor = crowd.get_mut(number).expect("a visitor");
        visitor.send(json!({"type": "message", "message": format!("by {number}")})).await;
    }
    let mut first = Vec::new();
    for socket in &mut crowd {
        let mut heard = Vec::new();
        for seq in 1..=30 {
            let message = message(socket).await;
            assert_eq!(message["seq"], seq);
            heard.push(message["content"].as_str().expect("a text").to_owned());
        }
        if first.is_empty() {
            first.clone_from(&heard);
        }
        assert_eq!(heard, first, "all in the one order");
        socket.is_alive_and_silent().await;
    }
    first.sort();
    first.dedup();
    assert_eq!(first.len(), 30, "each of them once");
}

/// A connection that is reset is nobody else's matter, and leaves nothing behind that a drain would wait for.
pub async fn who_vanishes_leaves_the_others(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut crowd = crowd(&server, 10, 10).await;
    let mut left = Vec::new();
    while let Some(gone) = crowd.pop() {
        gone.reset();
        left.extend(crowd.pop());
    }
    for round in 0..3 {
        server.say("ann", &format!("round {round}")).await;
        for socket in &mut left {
            assert_eq!(message(socket).await["content"], format!("round {round}"));
        }
    }
    drop(left);
    server.stop().await;
}

/// What was sent is answered, every socket closes with 1012, and then the server itself ends, idle connections included.
pub async fn a_drain_ends_everything(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut idle = crate::adapter::http::Line::open(server.address).await;
    assert_eq!(idle.ask("GET", "/healthz", &[]).await.status, 200);
    let mut crowd = crowd(&server, 10, 10).await;
    for socket in crowd.iter_mut().take(10) {
        socket.send(json!({"type": "message", "message": "last words"})).await;
        // It has been read: what is behind it in the connection is answered.
        socket.send(json!({"type": "ping", "client_id": "read"})).await;
        while socket.next().await["type"] != "pong" {}
    }
    let ends = async {
        for socket in &mut crowd {
            assert_eq!(socket.closed().await, 1012);
        }
    };
    tokio::join!(server.stop(), ends);
}
