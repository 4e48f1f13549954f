package io.marsad.api.respond;

import io.marsad.respond.chat.ChatAnswers;
import io.marsad.respond.chat.ChatDoor;
import io.marsad.respond.chat.ChatPeople;

/** What chats are worked from with. */
public record ChatServices(ChatPeople people, ChatDoor door, ChatAnswers answers) {}
