//! Bans: at once on sockets that are open, for whatever comes after, and in a second process that did not hear of it.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Client, TokioClock, agent, id, user};
use minicom_core::{
    AddressBan, AgentRole, Ban, CloseCode, Code, Command, Identity, MemoryStore, Minicom, PageRequest, Store,
    Target, WorkspaceId,
};
use serde_json::{Value, json};

fn on(store: &Arc<MemoryStore>) -> Minicom {
    let store: Arc<dyn Store> = store.clone();
    let builder = Minicom::builder().without_rate_limits().shared_store(store).clock(TokioClock::default());
    builder.build().unwrap()
}

fn supervisor() -> Identity {
    Identity::agent(WorkspaceId::default(), id("sue")).with_agent_role(AgentRole::Supervisor)
}

fn eve() -> Target {
    Target::Participant(id("eve"))
}

async fn says(minicom: &Minicom, name: &str) -> Result<(), Code> {
    let target = Target::Participant(id(name));
    let said = minicom.execute(&user(name), &target, Command::message("hi")).await;
    said.map(drop).map_err(|error| error.code())
}

async fn history(client: &mut Client) -> Value {
    let frame = client.frame().await;
    assert_eq!(frame["type"], "history");
    frame
}

#[tokio::test(start_paused = true)]
async fn who_is_banned_goes_at_once_and_does_not_come_back_until_it_ends() {
    let minicom = on(&Arc::new(MemoryStore::new()));
    let (mut first, _) = Client::user(&minicom, "eve").await;
    let (mut second, _) = Client::user(&minicom, "eve").await;
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let mut sue = Client::connect(&minicom, &supervisor());
    sue.send(json!({"type": "get_conversation", "email": "eve"}));
    assert_eq!(sue.frame().await["ban"], Value::Null);
    sue.send(json!({"type": "ban", "email": "eve", "reason": " spam ", "seconds": 60, "client_id": "b"}));
    assert_eq!(sue.frame_of("ack").await["client_id"], "b");
    for client in [&mut first, &mut second] {
        assert_eq!(client.close_code().await, 4505);
    }
    ann.hears_no("event").await;
    // He comes back, speaks, and reads, by whatever way.
    assert_eq!(Client::connect(&minicom, &user("eve")).close_code().await, 4505);
    assert_eq!(says(&minicom, "eve").await, Err(Code::Banned));
    let page = minicom.conversation(&user("eve"), &eve(), PageRequest::latest()).await;
    assert_eq!(page.unwrap_err().code(), Code::Banned);
    assert_eq!(minicom.typing(&user("eve"), &eve(), true).unwrap_err().code(), Code::Banned);
    // Agents see why, and may still write.
    let page = minicom.conversation(&supervisor(), &eve(), PageRequest::latest()).await.unwrap();
    assert_eq!(page.ban.as_ref().map(|ban| ban.reason.as_str()), Some("spam"));
    sue.send(json!({"type": "get_conversation", "email": "eve"}));
    let page = sue.frame_of("conversation").await;
    assert_eq!((&page["ban"]["reason"], &page["events"][0]["kind"]), (&json!("spam"), &json!("banned")));
    minicom.execute(&supervisor(), &eve(), Command::message("See our rules.")).await.unwrap();

    tokio::time::advance(Duration::from_secs(61)).await;
    let (mut eve, shown) = Client::user(&minicom, "eve").await;
    assert_eq!(shown["events"], json!([]), "what agents were told is not his");
    eve.send(json!({"type": "message", "message": "back", "client_id": "m"}));
    assert_eq!(eve.frame_of("ack").await["client_id"], "m");
}

#[tokio::test(start_paused = true)]
async fn bans_are_for_supervisors_and_are_lifted() {
    let minicom = on(&Arc::new(MemoryStore::new()));
    let plain = Identity::agent(WorkspaceId::default(), id("ben"));
    for identity in [plain, user("eve"), user("ann")] {
        let refused = minicom.ban(&identity, &eve(), Ban::new("x"), true).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden, "{identity:?}");
        assert!(minicom.lift_ban(&identity, &eve()).await.is_err());
        assert!(minicom.address_bans(&identity).await.is_err());
    }
    // Whoever has not said a word can be banned.
    minicom.ban(&supervisor(), &eve(), Ban::new("x"), false).await.unwrap();
    assert_eq!(says(&minicom, "eve").await, Err(Code::Banned));
    minicom.lift_ban(&supervisor(), &eve()).await.unwrap();
    assert_eq!(says(&minicom, "eve").await, Ok(()));
    for bad in
        [Ban::new("x".repeat(301)), Ban::new("a\u{7}b"), Ban::new("").until(jiff::Timestamp::UNIX_EPOCH)]
    {
        let refused = minicom.ban(&supervisor(), &eve(), bad, false).await.unwrap_err();
        assert_eq!(refused.code(), Code::BadRequest);
    }
}

#[tokio::test(start_paused = true)]
async fn rows_of_the_inbox_say_who_is_banned() {
    let minicom = on(&Arc::new(MemoryStore::new()));
    says(&minicom, "eve").await.unwrap();
    let mut ben = Client::connect(&minicom, &agent("ben"));
    ben.send(json!({"type": "list"}));
    assert_eq!(ben.frame_of("list").await["rows"][0]["ban"], Value::Null);
    let until = jiff::Timestamp::MAX;
    minicom.ban(&supervisor(), &eve(), Ban::new("spam").until(until), false).await.unwrap();
    assert_eq!(
        ben.frame_of("row").await["row"]["ban"],
        json!({"reason": "spam", "until": until.to_string()})
    );
    ben.send(json!({"type": "list"}));
    assert_eq!(ben.frame_of("list").await["rows"][0]["ban"]["reason"], "spam");
    minicom.lift_ban(&supervisor(), &eve()).await.unwrap();
    assert_eq!(ben.frame_of("row").await["row"]["ban"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn an_address_is_banned_with_its_visitor_and_lifted_with_him() {
    let minicom = on(&Arc::new(MemoryStore::new()));
    let from = |who: &Identity, remote: &str| Client::connect_from(&minicom, who, remote.parse().unwrap());
    let mut eve_there = from(&user("eve"), "2001:db8::1");
    let mut alias = from(&user("alias"), "2001:db8::2");
    let mut ann = from(&user("ann"), "2001:db8:0:1::1");
    let mut ben = from(&agent("ben"), "2001:db8::3");
    for client in [&mut eve_there, &mut alias, &mut ann] {
        history(client).await;
    }
    minicom.ban(&supervisor(), &eve(), Ban::new("spam"), true).await.unwrap();
    assert_eq!(eve_there.close_code().await, 4505);
    assert_eq!(alias.close_code().await, 4505);
    ann.hears_no("event").await;
    ben.hears_no("event").await;
    assert_eq!(from(&user("bob"), "2001:db8::9").close_code().await, 4505);
    history(&mut from(&user("bob"), "2001:db8:0:2::1")).await;
    let bans = minicom.address_bans(&supervisor()).await.unwrap();
    assert_eq!(bans.iter().map(|banned| banned.range.to_string()).collect::<Vec<_>>(), ["2001:db8::/64"]);
    minicom.lift_ban(&supervisor(), &eve()).await.unwrap();
    history(&mut from(&user("bob"), "2001:db8::9")).await;
    history(&mut from(&user("eve"), "2001:db8::9")).await;
}

#[tokio::test(start_paused = true)]
async fn addresses_are_bounded_and_those_that_ended_make_room() {
    let minicom = on(&Arc::new(MemoryStore::new()));
    let ban = |number: u32, ban| {
        let range = minicom_core::AddressRange::one(std::net::Ipv4Addr::from_bits(number).into());
        let minicom = minicom.clone();
        async move { minicom.ban_address(&supervisor(), AddressBan::new(range, ban)).await }
    };
    let soon = "2026-01-31T09:31:00Z".parse().unwrap();
    for number in 0..200 {
        ban(number, if number < 100 { Ban::new("").until(soon) } else { Ban::new("") }).await.unwrap();
    }
    assert_eq!(ban(200, Ban::new("")).await.unwrap_err().code(), Code::BadRequest);
    ban(7, Ban::new("again")).await.unwrap();
    tokio::time::advance(Duration::from_mins(2)).await;
    ban(200, Ban::new("")).await.unwrap();
    assert_eq!(minicom.address_bans(&supervisor()).await.unwrap().len(), 102);
}

#[tokio::test(start_paused = true)]
async fn a_second_process_refuses_and_closes_though_it_was_not_told() {
    let store = Arc::new(MemoryStore::new());
    let (here, there) = (on(&store), on(&store));
    says(&here, "eve").await.unwrap();
    let (mut eve_there, _) = Client::user(&there, "eve").await;
    let remote = "203.0.113.7".parse().unwrap();
    let mut listens = Client::connect_from(&there, &user("cid"), remote);
    history(&mut listens).await;

    here.ban(&supervisor(), &eve(), Ban::new("spam"), false).await.unwrap();
    eve_there.send(json!({"type": "message", "message": "still here?", "client_id": "m"}));
    assert_eq!(eve_there.close_code().await, 4505);
    assert_eq!(says(&there, "eve").await, Err(Code::Banned));
    let page = here.conversation(&supervisor(), &eve(), PageRequest::latest()).await.unwrap();
    assert_eq!(page.events.len(), 2, "his message before, and the ban");

    let range = minicom_core::AddressRange::one(remote);
    here.ban_address(&supervisor(), AddressBan::new(range, Ban::new(""))).await.unwrap();
    // Within two looks: he is pinged, and who is pinged is looked at.
    let ended = tokio::time::timeout(Duration::from_mins(2), listens.close_code()).await;
    assert_eq!(ended.expect("it ends"), CloseCode::Banned.code());
    assert_eq!(Client::connect_from(&there, &user("dan"), remote).close_code().await, 4505);
}
