namespace OrleansLb.Silo;

/// <summary>Something that the operator has to mend: the message is one clear line that says what is wrong, where, and how to fix it.</summary>
internal sealed class OperatorException : Exception
{
    public OperatorException(string message)
        : base(message)
    {
    }

    public OperatorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
