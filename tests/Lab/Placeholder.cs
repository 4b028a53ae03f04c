namespace OrleansLb.Lab.Tests;
