//! What happened to the agents, for whoever looks into it later: events of the log of accounts, without a secret.

use minicom_core::{AgentRole, EventBody, Fields, ParticipantId};
use serde_json::{Map, Value};

/// What an event of the log of accounts says. The event's actor is who did it.
///
/// A host reads them with [`Minicom::events`](minicom_core::Minicom::events), whose page has the events of all logs of a
/// workspace, and [`Recorded::read`](minicom_core::Recorded::read):
///
/// ```
/// use minicom_core::{LogKind, Recorded, StoredEvent, UnreadableEvent};
/// use minicom_login::AccountEvent;
///
/// fn told(stored: &StoredEvent) -> Result<Option<AccountEvent>, UnreadableEvent> {
///     if stored.log.kind != LogKind::Accounts {
///         return Ok(None);
///     }
///     Ok(Some(Recorded::<AccountEvent>::read(stored)?.event.body))
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AccountEvent {
    /// Somebody may become an agent.
    Invited {
        /// Who.
        email: ParticipantId,
        /// As what.
        role: AgentRole,
    },
    /// He may no longer.
    InvitationRevoked {
        /// Who.
        email: ParticipantId,
    },
    /// There is a new agent: the first owner, or one who was invited.
    Joined {
        /// Who.
        email: ParticipantId,
        /// The name that he chose.
        name: String,
        /// As what.
        role: AgentRole,
    },
    /// An agent may do more or less than before.
    RoleSet {
        /// Who.
        email: ParticipantId,
        /// As what from now on.
        role: AgentRole,
    },
    /// An agent has taken another password.
    PasswordChanged {
        /// Who.
        email: ParticipantId,
    },
    /// An agent is none any more.
    Removed {
        /// Who.
        email: ParticipantId,
    },
    /// Something that a newer version stored.
    Unknown {
        /// Its kind.
        kind: String,
        /// Its fields.
        fields: Fields,
    },
}

impl EventBody for AccountEvent {
    fn kind(&self) -> &str {
        match self {
            Self::Invited { .. } => "agent_invited",
            Self::InvitationRevoked { .. } => "invitation_revoked",
            Self::Joined { .. } => "agent_joined",
            Self::RoleSet { .. } => "agent_role_set",
            Self::PasswordChanged { .. } => "agent_password_changed",
            Self::Removed { .. } => "agent_removed",
            Self::Unknown { kind, .. } => kind,
        }
    }

    fn fields(&self) -> Fields {
        let (email, name, role) = match self {
            Self::Invited { email, role } | Self::RoleSet { email, role } => (email, None, Some(role)),
            Self::Joined { email, name, role } => (email, Some(name), Some(role)),
            Self::InvitationRevoked { email } | Self::PasswordChanged { email } | Self::Removed { email } => {
                (email, None, None)
            }
            Self::Unknown { fields, .. } => return fields.clone(),
        };
        // `name` is the actor's.
        let all = [
            ("email", Some(email.as_str())),
            ("agent_name", name.map(String::as_str)),
            ("agent_role", role.map(|role| role.as_str())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into()))).collect()
    }

    fn from_fields(kind: &str, fields: Fields) -> Self {
        read(kind, &fields).unwrap_or_else(|| Self::Unknown { kind: kind.to_owned(), fields })
    }

    fn text(&self) -> Option<&str> {
        None
    }
}

fn read(kind: &str, fields: &Map<String, Value>) -> Option<AccountEvent> {
    let word = |key| fields.get(key).and_then(Value::as_str);
    let role = || AgentRole::parse(word("agent_role")?);
    let email = ParticipantId::new(word("email")?).ok()?;
    Some(match kind {
        "agent_invited" => AccountEvent::Invited { email, role: role()? },
        "invitation_revoked" => AccountEvent::InvitationRevoked { email },
        "agent_joined" => AccountEvent::Joined { email, name: word("agent_name")?.to_owned(), role: role()? },
        "agent_role_set" => AccountEvent::RoleSet { email, role: role()? },
        "agent_password_changed" => AccountEvent::PasswordChanged { email },
        "agent_removed" => AccountEvent::Removed { email },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let email = ParticipantId::new("ann@x").unwrap();
        let (name, role) = ("Ann".to_owned(), AgentRole::Supervisor);
        let newer = Map::from_iter([("email".to_owned(), Value::from("ann@x")), ("n".to_owned(), 1.into())]);
        for event in [
            AccountEvent::Invited { email: email.clone(), role },
            AccountEvent::PasswordChanged { email: email.clone() },
            AccountEvent::InvitationRevoked { email: email.clone() },
            AccountEvent::Joined { email: email.clone(), name, role },
            AccountEvent::RoleSet { email: email.clone(), role },
            AccountEvent::Removed { email },
            AccountEvent::Unknown { kind: "agent_praised".into(), fields: newer.clone() },
            AccountEvent::Unknown { kind: "agent_joined".into(), fields: newer },
        ] {
            assert_eq!(AccountEvent::from_fields(event.kind(), event.fields()), event);
        }
    }
}
