using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>One entry of <c>x-kubernetes-validations</c>, compiled for the place where it stands.</summary>
internal sealed class SchemaRule
{
    private const int MaxMessageLength = 5 * 1024;

    private readonly CelRule? _rule;
    private readonly CelRule? _message;
    private readonly string _schemaType;
    private readonly string _text;
    private readonly string _fixedMessage;
    private readonly string _reason;
    private readonly string _fieldPath;
    private readonly bool _isOldSelfOptional;

    public SchemaRule(JsonObject source, CelType self, string schemaType)
    {
        _schemaType = schemaType;
        _text = (SchemaTypes.Text(source, "rule") ?? "").Trim();
        _fixedMessage = (SchemaTypes.Text(source, "message") ?? "").Trim();
        _reason = SchemaTypes.Text(source, "reason") ?? "FieldValueInvalid";
        _fieldPath = RulePath.Normalise(SchemaTypes.Text(source, "fieldPath") ?? "");
        _isOldSelfOptional = SchemaTypes.Flag(source, "optionalOldSelf");
        _rule = CelRule.Compile(SchemaTypes.Text(source, "rule") ?? "", self, _isOldSelfOptional, CelType.Bool, out var fault);
        Fault = fault;
        if (SchemaTypes.Text(source, "messageExpression") is not { } expression) return;
        _message = CelRule.Compile(expression, self, _isOldSelfOptional, CelType.Text, out var messageFault);
        MessageFault = messageFault;
    }

    /// <summary>Why the rule cannot be used, or null.</summary>
    public string? Fault { get; }

    public string? MessageFault { get; }

    public bool UsesOldSelf => _rule?.UsesOldSelf ?? false;

    public bool IsOldSelfOptional => _isOldSelfOptional;

    private string Shown => _fixedMessage.Length > 0 ? _fixedMessage : _text;

    /// <summary>What is wrong with the value by this rule, or null. A transition rule has nothing to say of a new value.</summary>
    public RuleViolation? Judge(string path, JsonNode self, JsonNode? oldSelf, CostBudget total)
    {
        if (_rule is null) return Invalid(path, $"rule compile error: {Fault}");
        if (UsesOldSelf && oldSelf is null && !_isOldSelfOptional) return null;
        var budget = new CostBudget(CostBudget.PerRule);
        var value = _rule.Value(self, oldSelf, budget);
        if (!total.Pay(budget.Spent)) return Invalid(path, "validation failed due to running out of cost budget, no further validation rules will be run");
        return value switch
        {
            CelBool { Value: true } => null,
            CelBool => Broken(path, MessageFor(self, oldSelf) ?? (_fixedMessage.Length > 0 ? _fixedMessage : $"failed rule: {_text}")),
            CelError error => Invalid(path, WhyNot(error)),
            _ => Invalid(path, WhyNot(CelValue.NoSuchOverload)),
        };
    }

    private string WhyNot(CelError error) => error switch
    {
        { IsFinal: true } => $"'{error.Message}': no further validation rules will be run due to call cost exceeds limit for rule: {Shown}",
        _ when error == CelValue.NoSuchOverload =>
            $"'{error.Message}': call arguments did not match a supported operator, function or macro signature for rule: {Shown}",
        _ => $"{error.Message} evaluating rule: {Shown}",
    };

    /// <summary>The message that the rule makes for this value; none if that fails, is empty, too long, or more than a line.</summary>
    private string? MessageFor(JsonNode self, JsonNode? oldSelf) =>
        _message?.Value(self, oldSelf, new(CostBudget.PerRule)) is CelString { Value: var text }
            && text.Trim() is { Length: > 0 and <= MaxMessageLength } message && !message.Contains('\n')
            ? message
            : null;

    private RuleViolation Broken(string path, string message)
    {
        var at = _fieldPath.Length == 0 ? path : path.Length == 0 ? _fieldPath : $"{path}.{_fieldPath}";
        return _reason switch
        {
            "FieldValueForbidden" => new(at, _reason, $"Forbidden: {message}"),
            "FieldValueRequired" => new(at, _reason, $"Required value: {message}"),
            "FieldValueDuplicate" => new(at, _reason, $"Duplicate value: {CelText.Quote(_schemaType)}"),
            _ => Invalid(at, message),
        };
    }

    private RuleViolation Invalid(string path, string message) => new(path, "FieldValueInvalid", $"Invalid value: {CelText.Quote(_schemaType)}: {message}");
}
