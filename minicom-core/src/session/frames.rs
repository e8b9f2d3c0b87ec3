//! What each frame asks for: from a parsed frame to an operation.

use std::sync::Arc;

use super::{Busy, Operation, Output, Session, State, Ticket};
use crate::{
    close::CloseCode,
    error::Refusal,
    id::{ClientId, ConversationId},
    identity::Identity,
    log::{AiPolicy, Command},
    role::Role,
    wire::{
        Target,
        client::{ClientFrame, Received},
        server::{self, PageKind},
    },
};

impl Session {
    /// Handles a frame. A refusal concerns the one frame; the session goes on.
    pub(super) fn handle(&mut self, Received { client_id, frame }: Received) {
        let identity = match &self.state {
            State::Open(identity) => identity.clone(),
            State::Pending(_) => return self.handle_before_auth(client_id, frame),
            State::Closed => return,
        };
        let handled = frame.and_then(|frame| self.handle_frame(&identity, client_id.clone(), frame));
        if let Err(refusal) = handled {
            self.refuse(&refusal, client_id.as_ref());
        }
    }

    fn handle_before_auth(&mut self, client_id: Option<ClientId>, frame: Result<ClientFrame, Refusal>) {
        match frame {
            Ok(ClientFrame::Ping) => self.send(server::pong(client_id.as_ref())),
            Ok(ClientFrame::Auth { token: Some(token), visitor }) => {
                self.authenticate(token, visitor, client_id);
            }
            _ => self.close(CloseCode::Unauthenticated),
        }
    }

    fn authenticate(&mut self, token: String, visitor: Option<String>, client_id: Option<ClientId>) {
        self.visitor = visitor;
        let mut request = match &self.state {
            State::Pending(request) => request.clone(),
            State::Open(_) | State::Closed => Box::new(crate::AuthRequest::new(crate::AuthTarget::Socket)),
        };
        // Who renews stays where he is: an authenticator that knows no workspace of its own must not think of another.
        if let State::Open(identity) = &self.state {
            request.workspace = Some(identity.workspace.clone());
        }
        request.token = Some(token);
        self.block(Busy::Other, Operation::Authenticate(request), client_id, PageKind::Conversation);
    }

    fn handle_frame(
        &mut self,
        identity: &Arc<Identity>,
        client_id: Option<ClientId>,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        match frame {
            ClientFrame::Message { to, text } => {
                let target = resolve(identity, to)?;
                let text = text.trim().to_owned();
                if text.is_empty() && client_id.is_none() {
                    return Ok(());
                }
                let command = Command::Message { text, client_id: client_id.clone() };
                self.execute(target, command, client_id, true);
            }
            ClientFrame::ReadMessages { target, up_to } => {
                self.execute(resolve(identity, target)?, Command::Read { up_to }, client_id, false);
            }
            ClientFrame::Typing { target, typing } => {
                self.outputs.push_back(Output::Typing { target: resolve(identity, target)?, typing });
            }
            // A visitor's own conversation is watched as long as he is here.
            ClientFrame::Leave if identity.role == Role::User => return Err(Refusal::forbidden()),
            ClientFrame::Leave => self.outputs.push_back(Output::Leave),
            ClientFrame::GetConversation { target, page } => {
                let target = resolve(identity, target)?;
                self.block(Busy::Page, Operation::Page { target, page }, client_id, PageKind::Conversation);
            }
            ClientFrame::List { filter, cursor, limit } => {
                let operation = Operation::List { filter, cursor, limit };
                self.block(Busy::Page, operation, client_id, PageKind::Conversation);
            }
            ClientFrame::Search { target, query, before, limit } => {
                let operation = Operation::Search { query, target, before, limit };
                self.block(Busy::Other, operation, client_id, PageKind::Conversation);
            }
            ClientFrame::AskAi { target, command } => {
                self.execute(resolve(identity, target)?, Command::Ai(command), client_id, true);
            }
            ClientFrame::Ban { target, ban } => {
                let operation = Operation::Ban { target: resolve(identity, target)?, ban };
                self.begin(operation, client_id, true);
            }
            ClientFrame::ReportAi => self.ai(None, client_id),
            ClientFrame::SetAi { policy } => self.ai(Some(policy), client_id),
            ClientFrame::WordLists { set } => {
                let operation = Operation::WordLists { set };
                self.block(Busy::Other, operation, client_id, PageKind::Conversation);
            }
            ClientFrame::Review { target, up_to } => {
                self.execute(resolve(identity, target)?, Command::Review { up_to }, client_id, true);
            }
            ClientFrame::Auth { token: Some(token), visitor } => {
                self.authenticate(token, visitor, client_id);
            }
            ClientFrame::Auth { token: None, visitor } => self.take_along(visitor, client_id.as_ref()),
            ClientFrame::Ping => self.send(server::pong(client_id.as_ref())),
        }
        Ok(())
    }

    fn ai(&mut self, set: Option<Box<AiPolicy>>, client_id: Option<ClientId>) {
        self.block(Busy::Other, Operation::Ai { set }, client_id, PageKind::Conversation);
    }

    fn execute(&mut self, target: Target, command: Command, client_id: Option<ClientId>, acked: bool) {
        self.begin(Operation::Execute { target, command }, client_id, acked);
    }

    fn begin(&mut self, operation: Operation, client_id: Option<ClientId>, acked: bool) {
        self.executing += 1;
        let ticket = Ticket { client_id, acked, kind: PageKind::Conversation };
        self.outputs.push_back(Output::Run(operation, ticket));
    }
}

/// Which conversation a frame is about. A visitor who names none means his own; whether one may reach it is not decided here.
fn resolve(identity: &Identity, target: Option<Target>) -> Result<Target, Refusal> {
    match (identity.role, target) {
        (Role::User, None) => Ok(Target::Participant(identity.participant.clone())),
        // By his own name, so that it can be created.
        (Role::User, Some(Target::Conversation(id)))
            if id == ConversationId::direct(&identity.participant) =>
        {
            Ok(Target::Participant(identity.participant.clone()))
        }
        (_, Some(target)) => Ok(target),
        (Role::Agent | Role::Ai, None) => Err(Refusal::bad_request("name a participant or a conversation")),
    }
}
