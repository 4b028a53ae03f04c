using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Tests.Schemas;

public sealed class SchemaTests
{
    public static TheoryData<string, string, string> Faults => new()
    {
        { "{type: object, required: [a], properties: {a: {type: string}}}", "{}", "a: Required value" },
        { "{type: object, properties: {a: {type: integer}}}", "{a: x}", "a: Invalid value: \"string\": a in body must be of type integer: \"string\"" },
        { "{type: object, properties: {a: {type: integer}}}", "{a: 1.5}", "a: Invalid value: \"number\": a in body must be of type integer: \"number\"" },
        { "{type: object, properties: {a: {type: string, enum: [x, w]}}}", "{a: z}", "a: Unsupported value: \"z\": supported values: \"x\", \"w\"" },
        { "{type: object, properties: {a: {type: integer, minimum: 3}}}", "{a: 2}", "a: Invalid value: 2: a in body should be greater than or equal to 3" },
        { "{type: object, properties: {a: {type: integer, maximum: 3}}}", "{a: 4}", "a: Invalid value: 4: a in body should be less than or equal to 3" },
        { "{type: object, properties: {a: {type: integer, maximum: 3, exclusiveMaximum: true}}}", "{a: 3}",
            "a: Invalid value: 3: a in body should be less than 3" },
        { "{type: object, properties: {a: {type: integer, multipleOf: 2}}}", "{a: 3}", "a: Invalid value: 3: a in body should be a multiple of 2" },
        { "{type: object, properties: {a: {type: string, minLength: 2}}}", "{a: x}", "a: Invalid value: \"x\": a in body should be at least 2 chars long" },
        { "{type: object, properties: {a: {type: string, maxLength: 2}}}", "{a: xyz}", "a: Too long: may not be more than 2 bytes" },
        { "{type: object, properties: {a: {type: string, pattern: '^[a-z]+$'}}}", "{a: X1}", "a: Invalid value: \"X1\": a in body should match '^[a-z]+$'" },
        { "{type: object, properties: {a: {type: string, format: ipv4}}}", "{a: nope}",
            "a: Invalid value: \"nope\": a in body must be of type ipv4: \"nope\"" },
        { "{type: object, properties: {a: {type: integer, format: int32}}}", "{a: 3000000000}",
            "a: Invalid value: 3000000000: a in body must be of type int32" },
        { "{type: object, properties: {a: {type: array, maxItems: 1, items: {type: string}}}}", "{a: [x, w]}", "a: Too many: 2: must have at most 1 items" },
        { "{type: object, properties: {a: {type: array, minItems: 1, items: {type: string}}}}", "{a: []}",
            "a: Invalid value: 0: a in body should have at least 1 items" },
        { "{type: object, properties: {a: {type: array, x-kubernetes-list-type: set, items: {type: string}}}}", "{a: [x, x]}", "a[1]: Duplicate value: \"x\"" },
        { "{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, "
            + "properties: {k: {type: string}}}}}}", "{a: [{k: x}, {k: x}]}", "a[1]: Duplicate value: {\"k\":\"x\"}" },
        { "{type: object, properties: {a: {type: object, additionalProperties: {type: integer}}}}", "{a: {b: x}}",
            "a.b: Invalid value: \"string\": a.b in body must be of type integer: \"string\"" },
        { "{type: object, properties: {a: {type: array, items: {type: object, properties: {b: {type: boolean}}}}}}", "{a: [{b: 1}]}",
            "a[0].b: Invalid value: \"integer\": a[0].b in body must be of type boolean: \"integer\"" },
        { "{type: object, properties: {a: {x-kubernetes-int-or-string: true}}}", "{a: true}",
            "a: Invalid value: \"boolean\": a in body must be of type integer,string: \"boolean\"" },
        { "{type: object, properties: {a: {type: string, anyOf: [{enum: [x]}, {enum: [w]}]}}}", "{a: z}",
            "a: Invalid value: \"z\": a in body must validate at least one schema (anyOf)" },
        { "{type: object, properties: {a: {type: string, not: {enum: [x]}}}}", "{a: x}",
            "a: Invalid value: \"x\": a in body must not validate the schema (not)" },
        { "{type: object, properties: {a: {type: string}}}", "{a: null}", "a: Invalid value: \"null\": a in body must be of type string: \"null\"" },
    };

    public static TheoryData<string, string> Legal => new()
    {
        { "{type: object, properties: {a: {x-kubernetes-int-or-string: true}}}", "{a: 1}" },
        { "{type: object, properties: {a: {x-kubernetes-int-or-string: true}}}", "{a: one}" },
        { "{type: object, properties: {a: {type: string, nullable: true}}}", "{a: null}" },
        { "{type: object, properties: {a: {type: number}}}", "{a: 1}" },
        { "{type: object, properties: {a: {type: string, minLength: 2, maxLength: 2}}}", "{a: '😀é'}" },
        { "{type: object, properties: {a: {type: string, oneOf: [{enum: [x]}, {enum: [w]}]}}}", "{a: x}" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_fault_is_reported_with_its_field(string schema, string value, string expected) =>
        Assert.Equal(expected, Assert.Single(SchemaValidator.Validate(Yaml(value), Read(schema))).ToString());

    [Theory, MemberData(nameof(Legal))]
    public void What_the_schema_allows_passes(string schema, string value) => Assert.Empty(SchemaValidator.Validate(Yaml(value), Read(schema)));

    [Fact]
    public void Defaults_fill_what_is_absent_at_every_depth()
    {
        var value = Yaml("{list: [{}, {b: 2}], map: {k: {}}, set: {}}");
        SchemaDefaults.Apply(value, Read("""
            {type: object, properties: {a: {type: integer, default: 1}, set: {type: object, default: {c: 3}, properties: {b: {type: integer, default: 9}}},
             list: {type: array, items: {type: object, properties: {b: {type: integer, default: 7}}}}, map: {type: object, additionalProperties: {type: object, properties: {b: {type: integer, default: 8}}}}}}
            """));
        Assert.True(JsonNode.DeepEquals(Yaml("{a: 1, list: [{b: 7}, {b: 2}], map: {k: {b: 8}}, set: {b: 9}}"), value), value.ToJsonString());
    }

    [Fact]
    public void Pruning_drops_the_unknown_and_the_null_and_names_the_unknown()
    {
        var value = Yaml("{a: 1, x: 2, nil: null, list: [{b: 1, w: 2}], free: {z: {deep: null}}}");
        var unknown = new List<string>();
        SchemaPruning.Prune(value, Read("""
            {type: object, properties: {a: {type: integer}, nil: {type: string}, list: {type: array, items: {type: object, properties: {b: {type: integer}}}},
             free: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
            """), unknown);
        Assert.Equal(["x", "list[0].w"], unknown);
        Assert.True(JsonNode.DeepEquals(Yaml("{a: 1, list: [{b: 1}], free: {z: {deep: null}}}"), value), value.ToJsonString());
    }

    [Theory]
    [InlineData("ipv4", "192.0.2.1", true)]
    [InlineData("ipv4", "1", false)]
    [InlineData("ipv6", "2001:db8::1", true)]
    [InlineData("ipv6", "192.0.2.1", false)]
    [InlineData("cidr", "2001:db8::/32", true)]
    [InlineData("cidr", "192.0.2.0/33", false)]
    [InlineData("cidr", "192.0.2.0/", false)]
    [InlineData("mac", "00:11:22:33:44:55", true)]
    [InlineData("mac", "00:11:22:33:44", false)]
    [InlineData("date-time", "2026-01-02T03:04:05.678Z", true)]
    [InlineData("date-time", "2026-01-02 03:04:05", false)]
    [InlineData("byte", "aGk=", true)]
    [InlineData("byte", "a", false)]
    [InlineData("duration", "1h30m", true)]
    [InlineData("duration", "soon", false)]
    [InlineData("something-else", "anything", true)]
    public void Formats_are_held(string format, string text, bool accepted) => Assert.Equal(accepted, Formats.Accepts(format, text));

    private static Schema Read(string yaml) => SchemaReader.Read(Yaml(yaml));

    private static JsonObject Yaml(string text) => (JsonObject)YamlText.ParseAll(text).Single()!;
}
