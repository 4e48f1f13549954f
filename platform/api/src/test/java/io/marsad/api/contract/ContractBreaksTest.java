package io.marsad.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of break is found and named, and what breaks nobody passes. */
class ContractBreaksTest {
    private static final String OLD = """
            openapi: 3.1.0
            info: {title: t, version: '1'}
            security: [{session: []}, {token: []}]
            paths:
              /v1/things:
                get:
                  operationId: list
                  x-permission: things:read
                  x-tenancy: tenant
                  parameters:
                    - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 10}}
                    - {name: kind, in: query, schema: {type: string, enum: [small, large]}}
                  responses:
                    '200': {description: ok, headers: {X-Count: {schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
                    '404': {description: none}
                post:
                  operationId: make
                  x-permission: none
                  x-tenancy: tenant
                  requestBody:
                    content:
                      application/json: {schema: {$ref: '#/components/schemas/New'}}
                      text/csv: {schema: {type: string}}
                  responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
              /open:
                get:
                  operationId: open
                  x-permission: none
                  x-tenancy: public
                  security: []
                  responses: {'200': {description: ok}}
            components:
              schemas:
                Page:
                  type: object
                  required: [things, next]
                  properties:
                    things: {type: array, items: {$ref: '#/components/schemas/Thing'}}
                    next: {type: [string, 'null']}
                Thing:
                  allOf:
                    - {$ref: '#/components/schemas/New'}
                    - {type: object, required: [id], properties: {id: {type: string, format: uuid}, parent: {$ref: '#/components/schemas/Thing'}}}
                New:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string, minLength: 1, maxLength: 20}
                    size: {type: number}
                    tags: {type: object, additionalProperties: {type: string}}
                    of: {oneOf: [{type: string}, {type: integer}]}
            """;

    private static List<String> after(String old, String now) throws Exception {
        assertThat(OLD).as("the text that is changed").contains(old);
        return ContractBreaks.between(OLD, OLD.replace(old, now));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/open: | /opened: | GET /open: is gone",
                "    post: | put: | POST /v1/things: is gone",
                "operationId: list | operationId: all | has another operationId",
                "x-permission: things:read | x-permission: things:write | asks for the permission things:write",
                "x-permission: none\\n      x-tenancy: tenant | x-permission: things:write\\n      x-tenancy: tenant | asks for the permission things:write",
                "x-permission: things:read\\n      x-tenancy: tenant | x-permission: things:read\\n      x-tenancy: operator | is for fewer",
                "security: [] | security: [{token: []}] | GET /open: asks for a credential",
                "security: [{session: []}, {token: []}] | security: [{session: []}] | does not take the credential 'token' any more",
                "- {name: kind, in: query, schema: {type: string, enum: [small, large]}} | - {name: sort, in: query, schema: {type: string}} | query kind: is gone",
                "{name: kind, in: query, | {name: kind, in: query, required: true, | query kind: is required",
                "- {name: kind | - {name: more, in: query, required: true, schema: {type: string}}\\n        - {name: kind | query more: is required",
                "enum: [small, large] | enum: [small] | query kind: the value 'large' is gone",
                "minimum: 1, | minimum: 2, | minimum is narrower",
                "maximum: 50 | maximum: 20 | maximum is narrower",
                "default: 10 | default: 20 | has another default",
                "schema: {type: integer, minimum | schema: {type: string, minimum | was integer and is string",
                "    requestBody:\\n | requestBody:\\n        required: true\\n | POST /v1/things: needs a body",
                "text/csv: | text/tsv: | body: text/csv is gone",
                "required: [name] | required: [name, size] | body.size: is required",
                "required: [name] | required: [] | .name: is not always there any more",
                "maxLength: 20 | maxLength: 10 | body.name: maxLength is narrower",
                "minLength: 1, | minLength: 1, pattern: '[a-z]+', | body.name: has another pattern",
                "        size: {type: number} | length: {type: number} | body.size: is gone",
                "size: {type: number} | size: {type: integer} | body.size: was number and is integer",
                "size: {type: number} | size: {type: [number, 'null']} | .size: was number and is number or null",
                "tags: {type: object, additionalProperties: {type: string}} | tags: {type: object, additionalProperties: {type: integer}} | body.tags.*: was string and is integer",
                "tags: {type: object, additionalProperties: {type: string}} | tags: {type: object, additionalProperties: false} | body.tags: takes no other properties any more",
                "oneOf: [{type: string}, {type: integer}] | oneOf: [{type: string}] | body.of: has other alternatives",
                "oneOf: [{type: string}, {type: integer}] | oneOf: [{type: string}, {type: boolean}] | body.of(1): was integer and is boolean",
                "'404': {description: none} | '410': {description: none} | GET /v1/things 404: is gone",
                "headers: {X-Count: {schema: {type: integer}}}, | \"\" | the header X-Count is gone",
                "required: [things, next] | required: [things] | 200.next: is not always there any more",
                "next: {type: [string, 'null']} | after: {type: [string, 'null']} | 200.next: is gone",
                "things: {type: array, items: {$ref: '#/components/schemas/Thing'}} | things: {type: array, items: {type: string}} | things[]: was object and is string",
                "id: {type: string, format: uuid} | id: {type: string} | id: has another format",
                "id: {type: string, format: uuid} | id: {type: [string, integer], format: uuid} | id: was string and is string or integer",
            })
    void whatBreaksIsNamed(String old, String now, String named) throws Exception {
        var breaks = after(unescaped(old), unescaped(now == null ? "" : now));
        assertThat(breaks).anySatisfy(line -> assertThat(line).contains(named));
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "paths: | paths:\\n  /v1/new:\\n    get: {operationId: n, x-permission: a:b, x-tenancy: tenant, responses: {'200': {description: ok}}}",
                "x-permission: things:read | x-permission: none",
                "enum: [small, large] | enum: [small, large, huge]",
                "- {name: kind | - {name: more, in: query, schema: {type: string}}\\n        - {name: kind",
                "minimum: 1, | minimum: 0,",
                "maximum: 50 | maximum: 500",
                "maxLength: 20 | maxLength: 30",
                "'404': {description: none} | '404': {description: nothing}\\n        '429': {description: later}",
                "next: {type: [string, 'null']} | next: {type: string}",
                "next: {type: [string, 'null']} | next: {type: [string, 'null']}\\n        total: {type: integer}",
                "        size: {type: number} | size: {type: number, description: in metres}\\n        colour: {type: string}",
                "required: [id] | required: [id, parent]",
                "security: [] | security: [{}]",
            })
    void whatIsAddedBreaksNobody(String old, String now) throws Exception {
        assertThat(after(unescaped(old), unescaped(now))).isEmpty();
    }

    @Test
    void theSameIsTheSame() throws Exception {
        assertThat(ContractBreaks.between(OLD, OLD)).isEmpty();
        assertThat(ContractBreaks.between(OpenApi.text(), OpenApi.text())).isEmpty();
    }
}
