using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Rules;

namespace OrleansLb.Api.Tests.Cel;

public class SchemaRulesTests
{
    /// <summary>A resource whose spec has these properties and rules.</summary>
    private static JsonObject Schema(string properties, string rules = "[]") => (JsonObject)JsonNode.Parse(
        $$"""{"type":"object","properties":{"spec":{"type":"object","properties":{{properties}},"x-kubernetes-validations":{{rules}} } } }""")!;

    private static string[] Judged(JsonObject schema, string spec, string? old = null) =>
    [
        .. SchemaRules.Validate(schema, JsonNode.Parse($$"""{"spec":{{spec}}}"""), old is null ? null : JsonNode.Parse($$"""{"spec":{{old}}}"""))
            .Select(violation => $"{violation.FieldPath}: {violation.Message}"),
    ];

    private const string Counts = """{"min":{"type":"integer"},"max":{"type":"integer"}}""";

    [Fact]
    public void A_broken_rule_says_its_message_at_its_place()
    {
        var schema = Schema(Counts, """[{"rule":"self.min <= self.max","message":"min must not exceed max"}]""");
        Assert.Empty(Judged(schema, """{"min":1,"max":2}"""));
        Assert.Equal(["spec: Invalid value: \"object\": min must not exceed max"], Judged(schema, """{"min":3,"max":2}"""));
    }

    [Fact]
    public void A_rule_without_a_message_shows_itself() =>
        Assert.Equal(["spec: Invalid value: \"object\": failed rule: self.min <= self.max"],
            Judged(Schema(Counts, """[{"rule":" self.min <= self.max "}]"""), """{"min":3,"max":2}"""));

    [Fact]
    public void A_rule_that_fails_to_evaluate_says_why() =>
        Assert.Equal(["spec: Invalid value: \"object\": no such key: min evaluating rule: both"],
            Judged(Schema(Counts, """[{"rule":"self.min <= self.max","message":"both"}]"""), """{"max":2}"""));

    [Theory]
    [InlineData("FieldValueRequired", "spec.min", "Required value: say min")]
    [InlineData("FieldValueForbidden", "spec.min", "Forbidden: say min")]
    [InlineData("FieldValueDuplicate", "spec.min", "Duplicate value: \"object\"")]
    [InlineData("FieldValueInvalid", "spec.min", "Invalid value: \"object\": say min")]
    public void Reason_and_field_path_are_those_of_the_rule(string reason, string path, string message)
    {
        var schema = Schema(Counts, $$"""[{"rule":"has(self.min)","message":"say min","reason":"{{reason}}","fieldPath":".min"}]""");
        var violation = Assert.Single(SchemaRules.Validate(schema, JsonNode.Parse("""{"spec":{}}"""), null));
        Assert.Equal(new(path, reason, message), violation);
    }

    [Fact]
    public void A_message_expression_wins_over_the_message_unless_it_fails()
    {
        const string rules = """[{"rule":"self.min <= self.max","message":"plain","messageExpression":"'min ' + string(self.min) + ' exceeds ' + string(self.max)"}]""";
        Assert.Equal(["spec: Invalid value: \"object\": min 3 exceeds 2"], Judged(Schema(Counts, rules), """{"min":3,"max":2}"""));
        Assert.Equal(["spec: Invalid value: \"object\": plain"],
            Judged(Schema(Counts, """[{"rule":"false","message":"plain","messageExpression":"string(self.min)"}]"""), "{}"));
        Assert.Equal(["spec: Invalid value: \"object\": plain"],
            Judged(Schema(Counts, """[{"rule":"false","message":"plain","messageExpression":"'two\\nlines'"}]"""), "{}"));
    }

    [Fact]
    public void A_transition_rule_waits_for_an_old_value()
    {
        var schema = Schema("""{"class":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":"class is immutable"}]}}""");
        Assert.Empty(Judged(schema, """{"class":"b"}"""));
        Assert.Empty(Judged(schema, """{"class":"b"}""", "{}"));
        Assert.Empty(Judged(schema, "{}", """{"class":"a"}"""));
        Assert.Equal(["spec.class: Invalid value: \"string\": class is immutable"], Judged(schema, """{"class":"b"}""", """{"class":"a"}"""));
    }

    [Fact]
    public void With_an_optional_old_value_it_does_not_wait()
    {
        var schema = Schema("""{"size":{"type":"integer","x-kubernetes-validations":[{"rule":"oldSelf.hasValue() || self == 1","message":"starts at 1","optionalOldSelf":true}]}}""");
        Assert.Equal(["spec.size: Invalid value: \"integer\": starts at 1"], Judged(schema, """{"size":2}"""));
        Assert.Empty(Judged(schema, """{"size":2}""", """{"size":1}"""));
    }

    [Fact]
    public void Items_keys_and_values_are_judged_each_at_its_place()
    {
        var schema = Schema("""
            {"ports":{"type":"array","items":{"type":"integer","x-kubernetes-validations":[{"rule":"self > 0","message":"positive"}]}},
             "labels":{"type":"object","additionalProperties":{"type":"string","x-kubernetes-validations":[{"rule":"self != ''","message":"not empty"}]}}}
            """);
        Assert.Equal(["spec.ports[1]: Invalid value: \"integer\": positive", "spec.labels[b.c]: Invalid value: \"string\": not empty"],
            Judged(schema, """{"ports":[1,0,2],"labels":{"a":"x","b.c":""}}"""));
    }

    [Fact]
    public void Items_of_a_list_of_type_map_have_an_old_value_by_their_key()
    {
        var schema = Schema("""
            {"ports":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],"items":{"type":"object",
              "properties":{"name":{"type":"string"},"port":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.port >= oldSelf.port","message":"ports only grow"}]}}}
            """);
        Assert.Equal(["spec.ports[0]: Invalid value: \"object\": ports only grow"],
            Judged(schema, """{"ports":[{"name":"b","port":1},{"name":"a","port":5},{"name":"c","port":0}]}""", """{"ports":[{"name":"a","port":5},{"name":"b","port":2}]}"""));
    }

    [Fact]
    public void A_set_and_a_keyed_list_compare_without_order()
    {
        var schema = Schema("""
            {"set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"},"x-kubernetes-validations":[{"rule":"self == oldSelf"}]},
             "list":{"type":"array","items":{"type":"string"},"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}
            """);
        Assert.Equal(["spec.list: Invalid value: \"array\": failed rule: self == oldSelf"],
            Judged(schema, """{"set":["a","b"],"list":["a","b"]}""", """{"set":["b","a"],"list":["b","a"]}"""));
    }

    [Fact]
    public void Fields_are_seen_by_their_escaped_names_and_formats_by_their_types()
    {
        var schema = Schema("""
            {"namespace":{"type":"string"},"a.b-c/d":{"type":"integer"},"x__y":{"type":"integer"},
             "when":{"type":"string","format":"date-time"},"wait":{"type":"string","format":"duration"},"data":{"type":"string","format":"byte"},
             "ratio":{"type":"number"},"size":{"x-kubernetes-int-or-string":true}}
            """, """
            [{"rule":"self.__namespace__ == 'n' && self.a__dot__b__dash__c__slash__d == 1 && self.x__underscores__y == 2"},
             {"rule":"self.when < timestamp('2030-01-01T00:00:00Z') && self.wait == duration('24h') && self.data == b'hi'"},
             {"rule":"type(self.ratio) == double && (type(self.size) == int ? self.size > 5 : self.size.endsWith('%'))"}]
            """);
        const string spec = """{"namespace":"n","a.b-c/d":1,"x__y":2,"when":"2024-01-01T00:00:00Z","wait":"1d","data":"aGk=","ratio":2,"size":"50%"}""";
        Assert.Empty(Judged(schema, spec));
        Assert.Single(Judged(schema, spec.Replace("\"50%\"", "3", StringComparison.Ordinal)));
    }

    [Fact]
    public void Null_is_judged_only_from_above()
    {
        var schema = Schema("""{"n":{"type":"string","nullable":true,"x-kubernetes-validations":[{"rule":"false"}]}}""", """[{"rule":"has(self.n)"}]""");
        Assert.Empty(Judged(schema, """{"n":null}"""));
    }

    [Fact]
    public void The_root_shows_what_every_resource_has()
    {
        var schema = (JsonObject)JsonNode.Parse("""{"type":"object","properties":{"metadata":{"type":"object"}},"x-kubernetes-validations":[{"rule":"self.metadata.name == 'default'","message":"only default"}]}""")!;
        Assert.Empty(SchemaRules.Compile(schema).Faults);
        Assert.Equal([new("", "FieldValueInvalid", "Invalid value: \"object\": only default")],
            SchemaRules.Validate(schema, JsonNode.Parse("""{"metadata":{"name":"other"}}"""), null));
    }

    [Theory]
    [InlineData("self.mni > 1", "spec", "undefined field 'mni'")]
    [InlineData("self.min > 'a'", "spec", "found no matching overload for '_>_' applied to '(int, string)'")]
    [InlineData("self.min", "spec", "cel expression must evaluate to a bool")]
    [InlineData("self.min +", "spec", "Syntax error")]
    [InlineData("self.min.startsWith('x')", "spec", "found no matching overload for 'startsWith' applied to 'int.(string)'")]
    [InlineData("self.metadata.name == 'x'", "spec", "undefined field 'metadata'")]
    [InlineData("self == {'min': 1}", "spec", "found no matching overload for '_==_' applied to '(object, map(string, int))'")]
    [InlineData("self['min'] == 1", "spec", "found no matching overload for '_[_]'")]
    [InlineData("self.all(k, true)", "spec", "cannot be range of a comprehension")]
    public void A_rule_that_can_never_work_is_a_fault_of_the_schema(string rule, string place, string reason)
    {
        var fault = Assert.Single(SchemaRules.Compile(Schema(Counts, $$"""[{"rule":"{{rule}}"}]""")).Faults);
        Assert.Equal($"properties[{place}].x-kubernetes-validations[0].rule", fault.SchemaPath);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_values_cannot_be_asked_for_where_there_is_no_telling_which_they_are()
    {
        var schema = Schema("""{"list":{"type":"array","items":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}}""");
        Assert.Contains("uncorrelatable portion of the schema", Assert.Single(SchemaRules.Compile(schema).Faults).Message, StringComparison.Ordinal);
        Assert.Contains("may not be set if oldSelf is not used", Assert.Single(SchemaRules.Compile(
            Schema(Counts, """[{"rule":"true","optionalOldSelf":true}]""")).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_rules_of_an_object_share_one_budget()
    {
        var schema = Schema("""
            {"list":{"type":"array","items":{"type":"integer","x-kubernetes-validations":[{"rule":"lists.range(900000).size() > self"}]}}}
            """);
        var violation = Judged(schema, $$"""{"list":[{{string.Join(',', Enumerable.Repeat(1, 20))}}]}""")[^1];
        Assert.EndsWith("validation failed due to running out of cost budget, no further validation rules will be run", violation, StringComparison.Ordinal);
    }
}
