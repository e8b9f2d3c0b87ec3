//! What a host chooses for one workspace holds there, and nowhere else.

use std::sync::Arc;

use minicom_core::{
    AgentRole, AiPolicy, BuildError, Code, Command, Identity, MemoryStore, Minicom, ParticipantId, Target,
    WorkspaceId, WorkspaceSettings,
};
use minicom_testkit::responder::ScriptedResponder;

fn id(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect(name)
}

fn workspace(name: &str) -> WorkspaceId {
    WorkspaceId::new(name).expect(name)
}

fn prompt(text: &str) -> AiPolicy {
    let mut policy = AiPolicy::default();
    policy.prompt = text.into();
    policy
}

#[tokio::test]
async fn settings_hold_in_their_workspace_alone() {
    let lamps = WorkspaceSettings::default().ai_policy(prompt("lamps")).message_bytes(4);
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .shared_responder(Arc::new(ScriptedResponder::new()))
        .ai_policy(prompt("all"))
        .workspace(workspace("lamps"), lamps)
        .build()
        .expect("a store is given");
    for (name, told, five_bytes) in [("lamps", "lamps", Some(Code::TooLarge)), ("default", "all", None)] {
        let ann = Identity::user(workspace(name), id("ann"));
        let own = Target::Participant(id("ann"));
        let said = minicom.execute(&ann, &own, Command::message("five!")).await;
        assert_eq!(said.err().map(|error| error.refusal().code()), five_bytes, "{name}");
        let owner = Identity::agent(workspace(name), id("ben")).with_agent_role(AgentRole::Owner);
        assert_eq!(minicom.ai(&owner).await.expect("a report").policy.prompt, told, "{name}");
        // What its supervisors set goes before what the host chose.
        minicom.set_ai(&owner, prompt("set")).await.expect("set");
        assert_eq!(minicom.ai(&owner).await.expect("a report").policy.prompt, "set", "{name}");
    }
    minicom.shutdown().await;
}

#[test]
fn a_policy_out_of_bounds_is_told_when_it_is_built() {
    let mut policy = AiPolicy::default();
    policy.share = 101;
    let settings = WorkspaceSettings::default().ai_policy(policy);
    let built = Minicom::builder().store(MemoryStore::new()).workspace(workspace("lamps"), settings).build();
    let error = built.expect_err("101 percent");
    assert!(matches!(&error, BuildError::Workspace { workspace, .. } if workspace.as_str() == "lamps"));
    assert!(error.to_string().contains("100 percent"), "{error}");
}
