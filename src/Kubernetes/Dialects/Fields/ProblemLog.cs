using OrleansLb.Core;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Collects what is wrong with one object while it is read.</summary>
internal sealed class ProblemLog(ObjectReference subject)
{
    private readonly List<Problem> _problems = [];

    public ObjectReference Subject => subject;

    public bool HasErrors => _problems.Exists(problem => problem.Severity == Severity.Error);

    public void Error(string field, string message) => _problems.Add(new Problem(subject, field, Severity.Error, message));

    public void Warn(string field, string message) => _problems.Add(new Problem(subject, field, Severity.Warning, message));

    public EquatableList<Problem> ToList() => _problems.ToEquatableList();

    /// <summary>The translation of an object whose fields have all been read.</summary>
    public Translation Conclude(Func<IEnumerable<Declaration>> declare) => new(HasErrors ? [] : declare().ToEquatableList(), ToList());
}
