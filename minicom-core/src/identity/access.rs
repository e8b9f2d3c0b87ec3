//! The one rule of who may do what. Every command and every read passes [`authorize`].

use super::Identity;
use crate::{
    error::Refusal,
    id::ConversationId,
    log::Member,
    role::{AgentRole, Role},
};

/// Something that somebody wants to do.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Action<'a> {
    /// Read, watch, write, mark as read or type in a conversation. `members` are those of its snapshot, as far as
    /// it is known.
    Converse {
        /// The conversation.
        conversation: ConversationId,
        /// Its members, if it was loaded.
        members: &'a [Member],
    },
    /// Read rows of every conversation of the workspace, or search them.
    ReadInbox,
    /// Read the workspace's events by position.
    ReadEvents,
    /// Ban somebody or an address, lift a ban, read which there are.
    Ban,
    /// Say which words of visitors are refused, masked or flagged, read them, and say that what was flagged is reviewed.
    Moderate,
    /// Say when the AI answers, and read what came of it.
    ManageAi,
    /// Change what else the workspace shares.
    Manage,
}

impl Action<'_> {
    /// What an agent must be for it.
    fn least(self) -> AgentRole {
        match self {
            Self::Converse { .. } | Self::ReadInbox | Self::ReadEvents => AgentRole::Agent,
            Self::Ban | Self::Moderate | Self::ManageAi => AgentRole::Supervisor,
            Self::Manage => AgentRole::Owner,
        }
    }
}

/// Deny by default: a visitor reaches the conversations that he is a member of, an agent all of his workspace, and what
/// all of it shares as far as his [`AgentRole`] goes. The workspace itself is not asked for: it is part of the identity and
/// never named by a client.
pub fn authorize(identity: &Identity, action: Action<'_>) -> Result<(), Refusal> {
    let allowed = match (identity.role, action) {
        (Role::User, Action::Converse { conversation, members }) => {
            conversation == ConversationId::direct(&identity.participant)
                || members.iter().any(|member| member.participant == identity.participant)
        }
        (Role::Agent, action) => identity.agent_role >= action.least(),
        (Role::Ai, Action::Converse { .. }) => true,
        (Role::User | Role::Ai, _) => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::forbidden()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ParticipantId, Seq, WorkspaceId};

    /// Those that no conversation is asked about.
    const OF_AGENTS: [Action<'static>; 6] = [
        Action::ReadInbox,
        Action::ReadEvents,
        Action::Ban,
        Action::Moderate,
        Action::ManageAi,
        Action::Manage,
    ];

    #[test]
    fn a_visitor_reaches_his_own_conversations_only() {
        let ann = ParticipantId::new("ann").unwrap();
        let bob = ParticipantId::new("bob").unwrap();
        let of_bob = ConversationId::direct(&bob);
        let visitor = Identity::user(WorkspaceId::default(), ann.clone());
        let member = |participant| Member { participant, read: Seq(0) };
        let converse = |conversation, members| Action::Converse { conversation, members };

        assert!(authorize(&visitor, converse(ConversationId::direct(&ann), &[])).is_ok());
        assert!(authorize(&visitor, converse(of_bob, &[])).is_err());
        assert!(authorize(&visitor, converse(of_bob, &[bob.clone(), ann].map(member))).is_ok(), "a group");
        for action in OF_AGENTS {
            assert!(authorize(&visitor, action).is_err(), "{action:?}");
        }
    }

    #[test]
    fn an_agent_may_what_his_role_may() {
        use AgentRole::{Agent, Owner, Supervisor};
        let ben = ParticipantId::new("ben").unwrap();
        let conversation = ConversationId::direct(&ParticipantId::new("ann").unwrap());
        for (action, allowed) in [
            (Action::Converse { conversation, members: &[] }, [true, true, true]),
            (Action::ReadInbox, [true, true, true]),
            (Action::ReadEvents, [true, true, true]),
            (Action::Ban, [false, true, true]),
            (Action::Moderate, [false, true, true]),
            (Action::ManageAi, [false, true, true]),
            (Action::Manage, [false, false, true]),
        ] {
            for (role, allowed) in [Agent, Supervisor, Owner].into_iter().zip(allowed) {
                let identity = Identity::agent(WorkspaceId::default(), ben.clone()).with_agent_role(role);
                assert_eq!(authorize(&identity, action).is_ok(), allowed, "{role:?} {action:?}");
            }
        }
    }

    /// A word for each action, so that a new one without a row does not compile.
    fn name(action: Action<'_>) -> &'static str {
        match action {
            Action::Converse { .. } => "take part in a conversation",
            Action::ReadInbox => "list and search conversations",
            Action::ReadEvents => "read the workspace's events",
            Action::Ban => "ban somebody or an address, lift a ban, read which there are",
            Action::Moderate => "set and read word lists, review what was flagged",
            Action::ManageAi => "say when the AI answers, and read its figures",
            Action::Manage => "change what else the workspace shares",
        }
    }

    #[test]
    fn every_action_is_documented() {
        use AgentRole::{Agent, Owner, Supervisor};
        let name_of = |name: &str| ParticipantId::new(name).unwrap();
        let (own, others) = (name_of("ann"), name_of("bob"));
        let converse = |with| Action::Converse { conversation: ConversationId::direct(with), members: &[] };
        let agent = |role| Identity::agent(WorkspaceId::default(), name_of("ben")).with_agent_role(role);
        let roles = [
            Identity::user(WorkspaceId::default(), own.clone()),
            agent(Agent),
            agent(Supervisor),
            agent(Owner),
            Identity::ai(WorkspaceId::default()),
        ];
        let pairs = OF_AGENTS.map(|action| (action, action));
        let pairs = [(converse(&own), converse(&others))].into_iter().chain(pairs);
        let rows: Vec<_> = pairs
            .map(|(own, others)| {
                let cells = roles.iter().map(|who| match (authorize(who, own), authorize(who, others)) {
                    (Ok(()), Ok(())) => "yes",
                    (Ok(()), Err(_)) => "his own",
                    (Err(_), _) => "no",
                });
                format!("| {} | {} |", name(own), cells.collect::<Vec<_>>().join(" | "))
            })
            .collect();
        let header =
            "| to | visitor | agent | supervisor | owner | AI |\n| --- | --- | --- | --- | --- | --- |";
        crate::doc_table::check_in("roles.md", "actions", header, &rows);
    }
}
