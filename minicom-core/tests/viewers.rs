//! Who else has a conversation open: told to agents, and to nobody else.

mod common;

use common::{Client, minicom};
use minicom_core::{Identity, Minicom, ParticipantId, WorkspaceId};
use serde_json::{Value, json};

fn agent(minicom: &Minicom, name: &str) -> Client {
    let identity = Identity::agent(WorkspaceId::default(), ParticipantId::new(name).expect("valid"));
    Client::connect(minicom, &identity.with_name(name.to_uppercase()))
}

async fn opens(client: &mut Client, email: &str) {
    client.send(json!({"type": "get_conversation", "email": email}));
    client.frame_of("conversation").await;
}

async fn viewers(client: &mut Client) -> Vec<Value> {
    let frame = client.frame_of("viewers").await;
    assert_eq!(frame["email"], "ann");
    assert!(frame["conversation"].is_string(), "{frame}");
    frame["viewers"].as_array().expect("a list").clone()
}

fn seen(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!({"id": name, "name": name.to_uppercase()})).collect()
}

#[tokio::test(start_paused = true)]
async fn agents_are_told_who_else_has_it_open_and_who_left() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let (mut ben, mut cat) = (agent(&minicom, "ben"), agent(&minicom, "cat"));
    opens(&mut ben, "ann").await;
    ben.hears_no("viewers").await;

    // Before anything was said, too.
    opens(&mut cat, "ann").await;
    assert_eq!(viewers(&mut cat).await, seen(&["ben", "cat"]));
    assert_eq!(viewers(&mut ben).await, seen(&["ben", "cat"]));

    opens(&mut ben, "bob").await;
    assert_eq!(viewers(&mut cat).await, seen(&["cat"]));
    ben.hears_no("viewers").await;
    opens(&mut ben, "ann").await;
    assert_eq!(viewers(&mut cat).await, seen(&["ben", "cat"]));
    ben.cut();
    assert_eq!(viewers(&mut cat).await, seen(&["cat"]));
    ann.hears_no("viewers").await;
}

#[tokio::test(start_paused = true)]
async fn two_windows_of_an_agent_are_one() {
    let minicom = minicom();
    let (mut one, mut other) = (agent(&minicom, "ben"), agent(&minicom, "ben"));
    opens(&mut one, "ann").await;
    opens(&mut other, "ann").await;
    one.hears_no("viewers").await;
    other.hears_no("viewers").await;
    let mut cat = agent(&minicom, "cat");
    opens(&mut cat, "ann").await;
    assert_eq!(viewers(&mut cat).await, seen(&["ben", "cat"]));
    assert_eq!(viewers(&mut other).await, seen(&["ben", "cat"]));
}

#[tokio::test(start_paused = true)]
async fn a_room_full_of_agents_names_twenty() {
    let minicom = minicom();
    let mut all: Vec<Client> = Vec::new();
    for number in 0..25 {
        let mut client = agent(&minicom, &format!("agent-{number:02}"));
        opens(&mut client, "ann").await;
        all.push(client);
    }
    let last = all.last_mut().expect("one");
    assert_eq!(viewers(last).await.len(), 20);
}
